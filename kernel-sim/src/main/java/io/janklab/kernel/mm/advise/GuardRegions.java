package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.map.Zap;
import io.janklab.kernel.mm.map.ZapMode;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.PageWalk;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.WalkLock;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.uapi.Errno;

/// MADV_GUARD_INSTALL and _REMOVE: entries that raise SIGSEGV when touched, without a VMA of their own (Linux `mm/madvise.c`, 6.14).
final class GuardRegions {
    /// `MAX_MADVISE_GUARD_RETRIES`: how often faults may undo the zap before the call starts over.
    private static final int MAX_ROUNDS = 3;
    /// The call must be restarted, its locks being released meanwhile (`ERESTARTNOINTR`); never seen by user space.
    static final long RESTART = -513;

    private final Mm mm;
    private final MemoryManager memory;
    private final PageTableAllocator tables;
    private final AnonVmaPrepare anonVmaPrepare;
    private final Zap zap;
    private final boolean marksVma;
    private final boolean sparesMapped;
    private final boolean knowsFiles;
    private final boolean filesNeedAnonVma;

    GuardRegions(Mm mm, boolean marksVma) {
        this.mm = mm;
        this.memory = mm.memory();
        this.tables = new PageTableAllocator(memory);
        this.anonVmaPrepare = new AnonVmaPrepare(memory);
        this.zap = new Zap(mm);
        this.marksVma = marksVma;
        this.knowsFiles = !memory.profile().is(Switch.GUARD_FILES, SwitchValue.REFUSED);
        this.filesNeedAnonVma = memory.profile().is(Switch.GUARD_FILES, SwitchValue.ANON_VMA);
        this.sparesMapped = memory.profile().keeps(Switch.RULE_GUARD_INTO_EMPTY_ONLY);
    }

    /// `madvise_guard_install`. The anon_vma makes fork copy the markers, where VM_MAYBE_GUARD does not; under the VMA lock it exists
    /// already.
    long install(Task task, WalkLock lock, Vma vma, long start, long end) {
        if (!isValid(vma) || vma.is(VmFlags.VM_LOCKED)) {
            return -Errno.EINVAL;
        }
        if (marksVma) {
            vma.setFlagAtomic(VmFlags.VM_MAYBE_GUARD);
        }
        if (vma.anonVma() == null && (vma.file() == null || filesNeedAnonVma)) {
            anonVmaPrepare.prepare(task, vma, false);
        }
        for (int round = 0; round < MAX_ROUNDS; round++) {
            lock.enter(task, vma);
            long stopped = installWhereEmpty(task, start, end);
            if (stopped == end) {
                return 0;
            }
            if (Errno.isError(stopped)) {
                return stopped;
            }
            clear(task, vma, start, end);
        }
        return RESTART;
    }

    /// `is_valid_guard_vma`: the first version requires writable anonymous memory.
    private boolean isValid(Vma vma) {
        return !vma.is(VmFlags.VM_SPECIAL) && (knowsFiles || (vma.file() == null && vma.is(VmFlags.VM_MAYWRITE)));
    }

    /// Fills empty entries with markers.
    ///
    /// @return `end`, the address of a page that is in the way, or −ENOMEM
    private long installWhereEmpty(Task task, long start, long end) {
        long at = start;
        while (at < end) {
            if (!tables.allocate(task, mm, at)) {
                return -Errno.ENOMEM;
            }
            PteTable table = mm.ptes().lock(task, at);
            if (table == null) {
                mm.hugePmds().split(task, at, at + Addresses.PAGE_SIZE);
                continue;
            }
            long to = Math.min(end, table.end());
            boolean through = true;
            while (at < to && through) {
                through = installAt(task, table, PteTable.index(at));
                at += through ? Addresses.PAGE_SIZE : 0;
            }
            table.lock().unlock(task);
            if (!through) {
                return at;
            }
            task.condResched();
        }
        return end;
    }

    /// @return false if the entry maps something
    private boolean installAt(Task task, PteTable table, int index) {
        long pte = table.get(index);
        if (pte == Pte.NONE || !sparesMapped) {
            task.charge(memory.costs(), Cost.GUARD_PTE);
            table.install(index, Pte.GUARD);
            return true;
        }
        return Pte.isGuard(pte);
    }

    private void clear(Task task, Vma vma, long start, long end) {
        MmuGather gather = memory.gather(mm);
        zap.range(task, gather, vma, start, end, ZapMode.DISCARD);
        gather.finish(task);
    }

    /// `madvise_guard_remove`: locked memory is no obstacle. The flag on the VMA stays.
    long remove(Task task, WalkLock lock, Vma vma, long start, long end) {
        if (!isValid(vma)) {
            return -Errno.EINVAL;
        }
        PageWalk.range(task, lock, vma, start, end, PageWalk.HugeVisitor.NONE, this::removeFrom);
        return 0;
    }

    private void removeFrom(Task task, PteTable table, int first, int last) {
        for (int i = table.nextUsed(first, last); i < last; i = table.nextUsed(i + 1, last)) {
            if (Pte.isGuard(table.get(i))) {
                task.charge(memory.costs(), Cost.GUARD_PTE);
                table.clear(i);
            }
        }
    }
}
