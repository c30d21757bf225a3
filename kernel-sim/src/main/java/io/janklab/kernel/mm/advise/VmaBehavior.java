package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.mm.edit.VmaModify;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.fault.HugeDaemon;
import io.janklab.kernel.mm.huge.Collapse;
import io.janklab.kernel.mm.map.Zap;
import io.janklab.kernel.mm.map.ZapMode;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.reclaim.EmptyTableScan;
import io.janklab.kernel.mm.space.HugetlbReservations;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.WalkLock;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;

/// What madvise does to one mapping (Linux `madvise_vma_behavior`), under the lock that the call holds.
final class VmaBehavior {
    /// `vma_ksm_compatible`.
    private static final int NOT_MERGEABLE = VmFlags.VM_SHARED | VmFlags.VM_MAYSHARE | VmFlags.VM_SPECIAL | VmFlags.VM_DROPPABLE;

    private final Mm mm;
    private final MemoryManager memory;
    private final MadviseLocks locks;
    private final Zap zap;
    private final Lazyfree lazyfree;
    private final Cold cold;
    private final PunchHole punchHole;
    private final GuardRegions guards;
    private final VmaModify modify;
    private final FaultHandler faults;
    private final Collapse collapse;
    private final HugeDaemon daemon;
    private final boolean removeHoldsFile;
    private final boolean discardsHugetlb;

    VmaBehavior(Mm mm, MadviseLocks locks, EmptyTableScan emptyTables, FaultHandler faults, Collapse collapse, HugeDaemon daemon) {
        this.mm = mm;
        this.memory = mm.memory();
        this.locks = locks;
        this.faults = faults;
        this.collapse = collapse;
        this.daemon = daemon;
        this.zap = new Zap(mm);
        this.lazyfree = new Lazyfree(mm, emptyTables);
        this.cold = new Cold(mm);
        this.punchHole = new PunchHole(memory);
        // VM_MAYBE_GUARD came with both (6.19).
        boolean flagged = locks.of(Advice.GUARD_INSTALL) == MadviseLock.VMA_READ_LOCK
                || memory.profile().is(Switch.GUARD_FILES, SwitchValue.AS_THEY_ARE);
        this.guards = new GuardRegions(mm, flagged);
        this.modify = new VmaModify(mm);
        this.removeHoldsFile = memory.profile().keeps(Switch.RULE_REMOVE_HOLDS_FILE);
        this.discardsHugetlb = !memory.profile().is(Switch.HUGETLB, SwitchValue.REFUSED);
    }

    /// `madvise_vma_behavior` on the part `[start, end)` of one VMA.
    long apply(MadviseCall call, Vma vma, long start, long end) {
        call.met(vma);
        if (vma.is(VmFlags.VM_SEALED) && vma.file() == null && !vma.is(VmFlags.VM_WRITE) && call.advice.discards()) {
            return -Errno.EPERM;
        }
        return switch (call.advice) {
            case DONTNEED, DONTNEED_LOCKED -> dontneed(call, vma, start, end);
            case FREE -> free(call, vma, start, end);
            case COLD, PAGEOUT -> cold(call, vma, start, end);
            case GUARD_INSTALL -> guards.install(call.task, call.walkLock(), vma, start, end);
            case GUARD_REMOVE -> guards.remove(call.task, call.walkLock(), vma, start, end);
            case REMOVE -> remove(call, vma, start, end);
            case WILLNEED -> willneed(call, vma, start, end);
            case COLLAPSE -> collapse(call, vma, start, end);
            default -> changeFlags(call, vma, start, end);
        };
    }

    /// Punches a hole into the file, without mmap_lock meanwhile; private anonymous memory has none (`madvise_remove`).
    private long remove(MadviseCall call, Vma vma, long start, long end) {
        if (vma.is(VmFlags.VM_LOCKED) || vma.file() == null) {
            return -Errno.EINVAL;
        }
        if (!vma.is(VmFlags.VM_SHARED) || !vma.is(VmFlags.VM_MAYWRITE)) {
            return -Errno.EACCES;
        }
        VirtualFile file = vma.file();
        long first = vma.index(start);
        if (removeHoldsFile) {
            file.get();
        }
        mm.mmapLock().upRead(call.task);
        long last = first + ((end - start) >>> Addresses.PAGE_SHIFT);
        if (file.isHugetlb()) {
            punchHole.punchHugetlb(call.task, file, first, last);
        } else {
            punchHole.punch(call.task, file, first, last);
        }
        if (removeHoldsFile) {
            file.put();
        }
        mm.mmapLock().downRead(call.task);
        return 0;
    }

    /// Starts reading a file, without mmap_lock meanwhile. For anonymous memory it would fill the swap cache, which does not exist here: a
    /// hint without effect.
    private long willneed(MadviseCall call, Vma vma, long start, long end) {
        if (vma.file() == null) {
            faults.readAhead(call.task, mm, start, end);
            return 0;
        }
        VirtualFile file = vma.file();
        if (file.isShmem() || file.isHugetlb()) {
            // `shmem_swapin_range`: none of it is swapped out; and behind hugetlb there is nothing to read.
            return 0;
        }
        long first = vma.index(start);
        mm.mmapLock().upRead(call.task);
        memory.pageCache().read(call.task, file, first, first + ((end - start) >>> Addresses.PAGE_SHIFT));
        mm.mmapLock().downRead(call.task);
        return 0;
    }

    /// EINVAL where nothing huge may be (`thp_vma_allowable_order`), or nothing has been written yet.
    private long collapse(MadviseCall call, Vma vma, long start, long end) {
        boolean hasRoom = (vma.end() & -Addresses.PMD_SIZE) - Addresses.PMD_SIZE >= vma.start();
        boolean untouched = vma.file() == null && vma.anonVma() == null;
        boolean refused = !hasRoom || untouched || vma.is(VmFlags.VM_NOHUGEPAGE | VmFlags.VM_HUGETLB) || mm.isThpDisabled();
        return refused ? -Errno.EINVAL : collapse.madvise(call.task, vma, start, end);
    }

    private long dontneed(MadviseCall call, Vma vma, long start, long end) {
        int forbidden = call.advice == Advice.DONTNEED_LOCKED ? VmFlags.VM_PFNMAP : VmFlags.VM_LOCKED | VmFlags.VM_PFNMAP;
        if (vma.is(forbidden)) {
            return -Errno.EINVAL;
        }
        if (vma.is(VmFlags.VM_HUGETLB)) {
            return dontneedHugetlb(call, vma, start, end);
        }
        memory.drainBeforeUnmapping(call.task);
        return gathering(call, gather -> zap.range(call.task, gather, vma, start, end, ZapMode.DISCARD_WITH_TABLES));
    }

    /// Whole pages: the end is rounded down (`madvise_dontneed_free_valid_vma`, 5.18).
    private long dontneedHugetlb(MadviseCall call, Vma vma, long start, long end) {
        HugetlbReservations pages = Objects.requireNonNull(vma.file()).reservations();
        if (!discardsHugetlb || pages.isInside(start)) {
            return -Errno.EINVAL;
        }
        long whole = end & -pages.pageSize();
        if (whole == start) {
            return 0;
        }
        memory.drainBeforeUnmapping(call.task);
        return gathering(call, gather -> zap.range(call.task, gather, vma, start, whole, ZapMode.DISCARD_WITH_TABLES));
    }

    private long free(MadviseCall call, Vma vma, long start, long end) {
        if (vma.is(VmFlags.VM_LOCKED | VmFlags.VM_PFNMAP) || vma.file() != null) {
            return -Errno.EINVAL;
        }
        WalkLock lock = locks.freeWalkOps().declare(call.walkLock());
        return gathering(call, gather -> lazyfree.range(call.task, gather, lock, vma, start, end));
    }

    private long cold(MadviseCall call, Vma vma, long start, long end) {
        if (vma.is(VmFlags.VM_LOCKED | VmFlags.VM_PFNMAP | VmFlags.VM_HUGETLB)) {
            return -Errno.EINVAL;
        }
        return gathering(call, gather -> cold.range(call.task, gather, call.walkLock(), vma, start, end, call.advice == Advice.PAGEOUT));
    }

    /// `madvise_update_vma`: returns early if nothing changes; mmap's ENOMEM is EAGAIN here.
    private long changeFlags(MadviseCall call, Vma vma, long start, long end) {
        boolean dumpsSpecial = call.advice == Advice.DODUMP && vma.is(VmFlags.VM_SPECIAL) && !vma.is(VmFlags.VM_HUGETLB);
        if (dumpsSpecial || call.advice == Advice.DOFORK && vma.is(VmFlags.VM_PFNMAP)) {
            return -Errno.EINVAL;
        }
        if (vma.is(VmFlags.VM_DROPPABLE) && (call.advice == Advice.KEEPONFORK || call.advice == Advice.DODUMP)) {
            return -Errno.EINVAL;
        }
        if (call.advice == Advice.WIPEONFORK && vma.file() != null) {
            return -Errno.EINVAL;
        }
        if (call.advice == Advice.MERGEABLE && vma.is(NOT_MERGEABLE)) {
            // `ksm_madvise`: a VMA that cannot be merged stays as it is.
            return 0;
        }
        int flags = call.advice.newFlags(vma.flags());
        if (flags == vma.flags()) {
            return 0;
        }
        if (call.advice == Advice.HUGEPAGE) {
            daemon.enter(mm);
        }
        long error = modify.setFlags(call.task, vma, start, end, flags);
        return error == -Errno.ENOMEM ? -Errno.EAGAIN : error;
    }

    /// What one mapping's part of a call does to pages.
    private interface Gathering {
        void into(MmuGather gather);
    }

    /// With the call's gather, or one of its own.
    private long gathering(MadviseCall call, Gathering work) {
        MmuGather gather = call.gather == null ? memory.gather(mm) : call.gather;
        work.into(gather);
        gather.endVma(call.task);
        if (gather != call.gather) {
            gather.finish(call.task);
        }
        return 0;
    }
}
