package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;

/// `fork(2)`'s copy of an address space (Linux `dup_mmap`): under the parent's mmap_lock for writing throughout, every VMA of the parent
/// write-locked, which waits for the readers of each.
public final class DupMmap {
    private final Mm parent;
    private final MemoryManager memory;
    private final boolean locksVmas;
    private final boolean flushes;
    private final boolean killable;

    public DupMmap(Mm parent) {
        this.parent = parent;
        this.memory = parent.memory();
        this.locksVmas = memory.profile().keeps(Switch.RULE_FORK_LOCKS_VMAS);
        this.flushes = memory.profile().keeps(Switch.RULE_FLUSH_IN_FORK);
        this.killable = memory.profile().is(Switch.FORK_VMA_LOCK, SwitchValue.KILLABLE);
    }

    /// Fills `child`, which is empty.
    ///
    /// @return false if memory ran out or SIGKILL came: the child is to exit
    public boolean fork(Task task, Mm child) {
        task.charge(memory.costs(), Cost.FORK);
        if (!parent.writeLockKillable(task)) {
            return false;
        }
        child.writeLock(task);
        child.setBrk(parent.brk());
        child.inheritSettings(parent);
        CopyPageRange copy = new CopyPageRange(parent, child);
        boolean complete = true;
        for (Vma vma = parent.vmas().first(); vma != null && complete; vma = parent.vmas().next(vma)) {
            complete = writeLock(task, vma) && (vma.is(VmFlags.VM_DONTCOPY) || duplicate(task, child, copy, vma));
        }
        child.writeUnlock(task);
        if (flushes) {
            memory.tlb().flushAll(task, parent.tgid(), false);
        }
        parent.writeUnlock(task);
        return complete;
    }

    /// `rule.fork-locks-vmas` (6.4.3): faults under the VMA lock must wait for the flush at the end.
    ///
    /// @return false if SIGKILL ended the wait for the VMA's readers
    private boolean writeLock(Task task, Vma vma) {
        if (!locksVmas) {
            return true;
        }
        if (killable) {
            return vma.startWriteKillable(task);
        }
        parent.startWrite(task, vma);
        return true;
    }

    /// A VMA marked WIPEONFORK is empty in the child; memory is neither locked there nor armed with userfaultfd.
    private boolean duplicate(Task task, Mm child, CopyPageRange copy, Vma vma) {
        task.charge(memory.costs(), Cost.FORK_VMA);
        Vma duplicate = child.newVma(vma.start(), vma.end(), vma.pgoff(), vma.flags() & ~(VmFlags.VM_LOCKED_MASK | VmFlags.VM_UFFD_FLAGS));
        duplicate.setAnonName(vma.anonName());
        duplicate.setFile(vma.file());
        if (vma.file() != null) {
            vma.file().link(task, duplicate);
        }
        boolean wiped = vma.is(VmFlags.VM_WIPEONFORK);
        if (!wiped) {
            memory.anonVmas().fork(task, duplicate, vma);
        }
        duplicate.markAttached();
        child.vmas().insert(duplicate);
        child.startWrite(task, duplicate);
        return wiped || copy.range(task, vma);
    }
}
