package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaSplit;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;
import java.util.ArrayList;
import java.util.List;

/// `munmap(2)` and the end of an address space (Linux `mm/vma.c`, `exit_mmap`).
///
/// VMAs are detached under mmap_lock for writing; pages and tables are freed under it for reading, when faults elsewhere may run again.
public final class Munmap {
    private final Mm mm;
    private final MemoryManager memory;
    private final VmaSplit split;
    private final Zap zap;
    private final boolean detachesBeforeDowngrade;
    private final boolean replacesInOneStore;

    public Munmap(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.split = new VmaSplit(mm);
        this.zap = new Zap(mm);
        this.replacesInOneStore = memory.profile().keeps(Switch.RULE_MAP_FIXED_ONE_STORE);
        this.detachesBeforeDowngrade = memory.profile().keeps(Switch.RULE_DETACH_BEFORE_DOWNGRADE);
    }

    /// EINVAL for a misaligned, empty or out-of-range argument, or part of a page of hugetlb; 0 if nothing is mapped there; ENOMEM if the
    /// hole would make too many VMAs.
    public long munmap(Task task, long address, long length) {
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        long result = check(address, length);
        if (result != 0) {
            mm.writeUnlock(task);
            return result;
        }
        return downgradeAndUnmap(task, address, address + Addresses.pageAlign(length));
    }

    /// Unmaps `[start, end)` under mmap_lock for writing, which it downgrades as soon as it can, and releases (`do_vmi_align_munmap` with
    /// `unlock`).
    long downgradeAndUnmap(Task task, long start, long end) {
        List<Vma> gathered = new ArrayList<>();
        long result = gather(task, start, end, gathered);
        if (gathered.isEmpty()) {
            mm.writeUnlock(task);
            return result;
        }
        long floor = floor(start);
        long ceiling = ceiling(end);
        // `rule.detach-before-downgrade`: the downgrade lets readers of mmap_lock and of the VMAs back in.
        if (detachesBeforeDowngrade) {
            detach(task, gathered);
        }
        boolean downgrades = memory.locking().policy().munmapDowngrades(mm.mmapLock());
        if (downgrades) {
            mm.downgrade(task);
        }
        unmap(task, gathered, floor, ceiling);
        if (!detachesBeforeDowngrade) {
            detach(task, gathered);
        }
        gathered.forEach(vma -> mm.freeVma(task, vma));
        if (downgrades) {
            mm.mmapLock().upRead(task);
        } else {
            mm.writeUnlock(task);
        }
        return result;
    }

    private static long check(long address, long length) {
        boolean sane = Addresses.isAligned(address)
                && address >= 0
                && address <= Addresses.TASK_SIZE
                && length > 0
                && length <= Addresses.TASK_SIZE - address;
        return sane ? 0 : -Errno.EINVAL;
    }

    /// Unmaps what a MAP_FIXED mapping replaces; all of it under mmap_lock for writing.
    long replace(Task task, long start, long end) {
        List<Vma> gathered = new ArrayList<>();
        long error = gather(task, start, end, gathered);
        if (!gathered.isEmpty()) {
            detach(task, gathered);
            unmap(task, gathered, floor(start), ceiling(end));
            gathered.forEach(vma -> mm.freeVma(task, vma));
        }
        return error;
    }

    /// `vms_gather_munmap_vmas`: splits at both ends and write-locks every VMA in the range.
    private long gather(Task task, long start, long end, List<Vma> gathered) {
        Vma vma = mm.vmas().findIntersection(start, end);
        if (vma != null && vma.start() < start) {
            if (end < vma.end() && split.atLimit()) {
                return -Errno.ENOMEM;
            }
            if (vma.is(VmFlags.VM_SEALED)) {
                return -Errno.EPERM;
            }
            if (!vma.maySplitAt(start)) {
                return -Errno.EINVAL;
            }
            vma = split.split(task, vma, start);
        }
        if (hasSealed(start, end)) {
            return -Errno.EPERM;
        }
        while (vma != null) {
            if (vma.end() > end && !vma.maySplitAt(end)) {
                gathered.clear();
                return -Errno.EINVAL;
            }
            if (vma.end() > end) {
                split.split(task, vma, end);
            }
            task.charge(memory.costs(), Cost.MUNMAP);
            mm.startWrite(task, vma);
            gathered.add(vma);
            vma = mm.vmas().findIntersection(vma.end(), end);
        }
        return 0;
    }

    /// Unmaps what a MAP_FIXED mapping is to replace, but leaves the VMAs in their places, write-locked, for [VmaMerge#mergeOver] or
    /// [#remove] and [#free] (`__mmap_setup`). Without `rule.map-fixed-one-store` their places are empty until the new mapping comes.
    ///
    /// @param gathered receives them
    long unmapInPlace(Task task, long start, long end, List<Vma> gathered) {
        long error = gather(task, start, end, gathered);
        if (gathered.isEmpty()) {
            return error;
        }
        long floor = floor(start);
        long ceiling = ceiling(end);
        List<Vma> unmapped = List.copyOf(gathered);
        if (!replacesInOneStore) {
            detach(task, gathered);
            gathered.clear();
        }
        unmap(task, unmapped, floor, ceiling);
        return error;
    }

    private void detach(Task task, List<Vma> gathered) {
        remove(gathered);
        gathered.forEach(vma -> vma.markDetached(task));
    }

    /// `vma_iter_clear_gfp`: takes VMAs out of the tree.
    void remove(List<Vma> gathered) {
        gathered.forEach(mm.vmas()::remove);
    }

    /// Ends VMAs that are in the tree no more, and map nothing (`remove_vma`).
    void free(Task task, List<Vma> removed) {
        removed.forEach(vma -> free(task, vma));
    }

    private void free(Task task, Vma vma) {
        vma.markDetached(task);
        mm.freeVma(task, vma);
    }

    private boolean hasSealed(long start, long end) {
        Vma vma = mm.vmas().findIntersection(start, end);
        while (vma != null && !vma.is(VmFlags.VM_SEALED)) {
            vma = mm.vmas().findIntersection(vma.end(), end);
        }
        return vma != null;
    }

    private long floor(long start) {
        Vma below = mm.vmas().below(start);
        return below == null ? 0 : below.end();
    }

    private long ceiling(long end) {
        Vma above = mm.vmas().find(end);
        return above == null ? Long.MAX_VALUE : above.start();
    }

    /// `unmap_region`: zaps the pages, unlinks anon_vmas, frees page tables that are no longer needed, flushes.
    private void unmap(Task task, List<Vma> detached, long floor, long ceiling) {
        memory.drainBeforeUnmapping(task);
        MmuGather gather = memory.gather(mm);
        for (Vma vma : detached) {
            zap.range(task, gather, vma, vma.start(), vma.end(), ZapMode.UNMAP);
            gather.endVma(task);
        }
        for (Vma vma : detached) {
            unlink(task, vma);
        }
        freePageTables(task, gather, detached.getFirst().start(), detached.getLast().end(), floor, ceiling);
        gather.finish(task);
    }

    private void unlink(Task task, Vma vma) {
        if (vma.file() != null) {
            vma.file().unlink(task, vma);
        }
        memory.anonVmas().unlink(task, vma);
    }

    private void freePageTables(Task task, MmuGather gather, long start, long end, long floor, long ceiling) {
        task.settle();
        int before = mm.pageTable().tables();
        mm.pageTable().removeRange(start, end, floor, ceiling, gather::addTable);
        if (mm.pageTable().tables() != before) {
            mm.tracePageTables(task);
        }
    }

    /// `exit_mmap`.
    public void exit(Task task) {
        List<Vma> all = mm.vmas().list();
        if (all.isEmpty()) {
            return;
        }
        mm.mmapLock().downRead(task);
        memory.drainBeforeUnmapping(task);
        MmuGather gather = memory.gatherWhole(mm);
        for (Vma vma : all) {
            zap.range(task, gather, vma, vma.start(), vma.end(), ZapMode.UNMAP);
            gather.endVma(task);
        }
        mm.mmapLock().upRead(task);
        mm.writeLock(task);
        for (Vma vma : all) {
            mm.startWrite(task, vma);
            unlink(task, vma);
            mm.vmas().remove(vma);
        }
        for (Vma vma : all) {
            free(task, vma);
            task.condResched();
        }
        freePageTables(task, gather, 0, Addresses.TASK_SIZE, 0, Long.MAX_VALUE);
        gather.finish(task);
        mm.writeUnlock(task);
    }
}
