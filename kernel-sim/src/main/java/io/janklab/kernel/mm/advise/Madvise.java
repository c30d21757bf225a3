package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaModify;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.fault.HugeDaemon;
import io.janklab.kernel.mm.fault.Populate;
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
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `madvise(2)` (Linux `mm/madvise.c`, `do_madvise`).
public final class Madvise {
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
    private final Populate populate;
    private final Collapse collapse;
    private final HugeDaemon daemon;
    private final boolean guardNeedsAnonVma;
    private final boolean removeHoldsFile;
    private final boolean gathersOncePerCall;
    private final boolean discardsHugetlb;

    public Madvise(Mm mm, MadviseLocks locks, EmptyTableScan emptyTables, FaultHandler faults, Populate populate, Collapse collapse,
            HugeDaemon daemon) {
        this.mm = mm;
        this.memory = mm.memory();
        this.locks = locks;
        this.faults = faults;
        this.populate = populate;
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
        this.gathersOncePerCall = memory.profile().is(Switch.MADVISE_GATHER, SwitchValue.SEVERAL);
        this.discardsHugetlb = !memory.profile().is(Switch.HUGETLB, SwitchValue.REFUSED);
        this.guardNeedsAnonVma = memory.profile().keeps(Switch.RULE_GUARD_NEEDS_ANON_VMA);
    }

    /// The address space it advises on.
    Mm mm() {
        return mm;
    }

    /// One call: its behaviour, its lock, and what it has gathered (`struct madvise_behavior`).
    private static final class Call {
        final Task task;
        final Advice advice;
        MadviseLock mode = MadviseLock.NO_LOCK;
        MadvisePath path = MadvisePath.NONE;
        /// The name of the first VMA in the range.
        String vma = "";
        /// Of all that a call flushes together; null if each mapping has its own.
        @Nullable MmuGather gather;

        Call(Task task, Advice advice) {
            this.task = task;
            this.advice = advice;
        }

        void met(Vma visited) {
            if (vma.isEmpty()) {
                vma = visited.label();
            }
        }
    }

    /// One range. Errors in Linux's order: EINVAL for an unknown behaviour, a misaligned start, an overflowing length; 0 for an empty
    /// range.
    ///
    /// @param number of the behaviour (`MADV_…`)
    public long madvise(Task task, long start, long length, int number) {
        long beganAt = beginRange(task);
        Advice advice = locks.known(number);
        MadvisePath path = MadvisePath.NONE;
        String vma = "";
        long result = 0;
        if (advice == null || !isValid(start, length)) {
            result = -Errno.EINVAL;
        } else if (length != 0) {
            Call call = new Call(task, advice);
            result = alone(call, start, length);
            path = call.path;
            vma = call.vma;
        }
        endRange(task, number, path, start, length, vma, result, beganAt);
        return result;
    }

    private long alone(Call call, long start, long length) {
        long result = lock(call);
        if (result == 0) {
            beginGather(call);
            result = range(call, start, length);
            finishGather(call);
            unlock(call);
        }
        return result;
    }

    /// Whether it is one of the behaviours that may be applied to another process (`process_madvise_remote_valid`).
    boolean isHint(int number) {
        Advice advice = locks.known(number);
        return advice != null && advice.isHint(memory.profile());
    }

    /// Several ranges under one lock, with one flush (`vector_madvise`, 6.17). Once the VMA lock has failed, mmap_lock is kept to the end.
    ///
    /// @return how many bytes were advised before an error, or the error if none was
    long vector(Task task, long[] starts, long[] lengths, int number) {
        Advice advice = locks.known(number);
        if (advice == null) {
            return starts.length == 0 ? 0 : madvise(task, starts[0], lengths[0], number);
        }
        Call call = new Call(task, advice);
        long error = lock(call);
        if (error != 0) {
            return error;
        }
        beginGather(call);
        long done = 0;
        long result = 0;
        for (int i = 0; i < starts.length && result == 0; i++) {
            long beganAt = beginRange(task);
            result = isValid(starts[i], lengths[i]) ? 0 : -Errno.EINVAL;
            if (result == 0 && lengths[i] != 0) {
                result = range(call, starts[i], lengths[i]);
            }
            done += result == 0 ? lengths[i] : 0;
            endRange(task, number, call.path, starts[i], lengths[i], call.vma, result, beganAt);
            call.vma = "";
        }
        finishGather(call);
        unlock(call);
        return done > 0 ? done : result;
    }

    private long beginRange(Task task) {
        task.settle();
        long beganAt = task.now();
        task.charge(memory.costs(), Cost.MADVISE);
        return beganAt;
    }

    private void endRange(Task task, int number, MadvisePath path, long start, long length, String vma, long result, long beganAt) {
        task.settle();
        memory.tracepoints().madvise(task.now(), task, number, start, length, vma, path, result, beganAt);
    }

    /// `is_valid_madvise`, except the behaviour.
    private static boolean isValid(long start, long length) {
        long aligned = Addresses.pageAlign(length);
        boolean overflows = length != 0 && aligned == 0;
        boolean wraps = Long.compareUnsigned(start + aligned, start) < 0;
        return Addresses.isAligned(start) && !overflows && !wraps;
    }

    /// `madvise_lock`. A VMA lock is taken range by range.
    ///
    /// @return 0, or −EINTR if SIGKILL came before the write lock
    private long lock(Call call) {
        call.mode = locks.of(call.advice);
        switch (call.mode) {
            case MMAP_READ_LOCK -> {
                call.path = MadvisePath.MMAP_READ;
                // Faulting pages in takes and drops the lock repeatedly.
                if (!call.advice.populates()) {
                    mm.mmapLock().downRead(call.task);
                }
            }
            case MMAP_WRITE_LOCK -> {
                call.path = MadvisePath.MMAP_WRITE;
                return mm.writeLockKillable(call.task) ? 0 : -Errno.EINTR;
            }
            case NO_LOCK, VMA_READ_LOCK -> {}
        }
        return 0;
    }

    /// `madvise_unlock`.
    private void unlock(Call call) {
        switch (call.mode) {
            case MMAP_READ_LOCK -> {
                if (!call.advice.populates()) {
                    mm.mmapLock().upRead(call.task);
                }
            }
            case MMAP_WRITE_LOCK -> mm.writeUnlock(call.task);
            case NO_LOCK, VMA_READ_LOCK -> {}
        }
    }

    /// `madvise_do_behavior`, repeated as long as it asks for it, without its lock in between.
    private long range(Call call, long start, long length) {
        long end = start + Addresses.pageAlign(length);
        long result = behavior(call, start, end);
        while (result == GuardRegions.RESTART) {
            unlock(call);
            call.task.condResched();
            lock(call);
            result = behavior(call, start, end);
        }
        return result;
    }

    private long behavior(Call call, long start, long end) {
        if (call.mode == MadviseLock.NO_LOCK) {
            // Offlining memory takes CAP_SYS_ADMIN, which no app has.
            return -Errno.EPERM;
        }
        if (call.advice.populates()) {
            return populate.madvise(call.task, mm, start, end, call.advice == Advice.POPULATE_WRITE);
        }
        if (call.mode == MadviseLock.VMA_READ_LOCK) {
            Vma vma = tryVmaReadLock(call, start, end);
            if (vma != null) {
                return underVmaLock(call, vma, start, end);
            }
            mm.mmapLock().downRead(call.task);
            call.mode = MadviseLock.MMAP_READ_LOCK;
        }
        return walkVmas(call, start, end);
    }

    /// The VMA lock is released before the final flush and the freeing of pages; mmap_lock only after them.
    private long underVmaLock(Call call, Vma vma, long start, long end) {
        call.path = MadvisePath.VMA_LOCK;
        long result = visit(call, vma, start, end);
        mm.endRead(call.task, vma);
        return result;
    }

    /// `try_vma_read_lock`: one attempt. If it fails, the call's path says why.
    private @Nullable Vma tryVmaReadLock(Call call, long start, long end) {
        Vma vma = mm.lockVmaUnderRcu(call.task, start);
        if (vma == null) {
            boolean exists = mm.vmas().lookup(start) != null;
            call.path = exists ? MadvisePath.FALLBACK_VMA_WRITE_LOCKED : MadvisePath.FALLBACK_NO_VMA;
            return null;
        }
        MadvisePath fallback = whyNotSufficient(call, vma, end);
        if (fallback != null) {
            mm.endRead(call.task, vma);
            call.path = fallback;
            return null;
        }
        return vma;
    }

    /// `is_vma_lock_sufficient`: null if the lock suffices.
    private @Nullable MadvisePath whyNotSufficient(Call call, Vma vma, long end) {
        if (end > vma.end()) {
            return MadvisePath.FALLBACK_SEVERAL_VMAS;
        }
        if (vma.is(VmFlags.VM_UFFD_FLAGS)) {
            return MadvisePath.FALLBACK_USERFAULTFD;
        }
        if (guardNeedsAnonVma && call.advice == Advice.GUARD_INSTALL && vma.file() == null && vma.anonVma() == null) {
            return MadvisePath.FALLBACK_NO_ANON_VMA;
        }
        return null;
    }

    /// `madvise_init_tlb`: a VMA's reader flushes outside its lock in any case.
    private void beginGather(Call call) {
        if (call.advice.gathersInOneFlush() && (gathersOncePerCall || call.mode == MadviseLock.VMA_READ_LOCK)) {
            call.gather = memory.gather(mm);
        }
    }

    /// What one mapping's part of a call does to pages.
    private interface Gathering {
        void into(MmuGather gather);
    }

    /// With the call's gather, or one of its own.
    private long gathering(Call call, Gathering work) {
        MmuGather gather = call.gather == null ? memory.gather(mm) : call.gather;
        work.into(gather);
        gather.endVma(call.task);
        if (gather != call.gather) {
            gather.finish(call.task);
        }
        return 0;
    }

    private void finishGather(Call call) {
        if (call.gather != null) {
            call.gather.finish(call.task);
        }
    }

    /// `madvise_walk_vmas`: skips holes and reports them at the end; stops at an error, and where nothing more is mapped.
    private long walkVmas(Call call, long start, long end) {
        long holes = 0;
        long at = start;
        while (at < end) {
            Vma vma = mm.vmas().find(at);
            if (vma == null) {
                return -Errno.ENOMEM;
            }
            if (at < vma.start()) {
                holes = -Errno.ENOMEM;
                at = vma.start();
                if (at >= end) {
                    break;
                }
            }
            long stop = Math.min(vma.end(), end);
            long error = visit(call, vma, at, stop);
            if (error != 0) {
                return error;
            }
            at = stop;
        }
        return holes;
    }

    /// `madvise_vma_behavior` on the part `[start, end)` of one VMA.
    private long visit(Call call, Vma vma, long start, long end) {
        call.met(vma);
        if (vma.is(VmFlags.VM_SEALED) && vma.file() == null && !vma.is(VmFlags.VM_WRITE) && call.advice.discards()) {
            return -Errno.EPERM;
        }
        return switch (call.advice) {
            case DONTNEED, DONTNEED_LOCKED -> dontneed(call, vma, start, end);
            case FREE -> free(call, vma, start, end);
            case COLD, PAGEOUT -> cold(call, vma, start, end);
            case GUARD_INSTALL -> guards.install(call.task, walkLock(call), vma, start, end);
            case GUARD_REMOVE -> guards.remove(call.task, walkLock(call), vma, start, end);
            case REMOVE -> remove(call, vma, start, end);
            case WILLNEED -> willneed(call, vma, start, end);
            case COLLAPSE -> collapse(call, vma, start, end);
            default -> changeFlags(call, vma, start, end);
        };
    }

    /// The lock that a page walk of this call relies on (`get_walk_lock`).
    private static WalkLock walkLock(Call call) {
        return call.mode == MadviseLock.VMA_READ_LOCK ? WalkLock.VMA_READ_VERIFY : WalkLock.READ;
    }

    /// Punches a hole into the file, without mmap_lock meanwhile; private anonymous memory has none (`madvise_remove`).
    private long remove(Call call, Vma vma, long start, long end) {
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
    private long willneed(Call call, Vma vma, long start, long end) {
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
    private long collapse(Call call, Vma vma, long start, long end) {
        boolean hasRoom = (vma.end() & -Addresses.PMD_SIZE) - Addresses.PMD_SIZE >= vma.start();
        boolean untouched = vma.file() == null && vma.anonVma() == null;
        boolean refused = !hasRoom || untouched || vma.is(VmFlags.VM_NOHUGEPAGE | VmFlags.VM_HUGETLB) || mm.isThpDisabled();
        return refused ? -Errno.EINVAL : collapse.madvise(call.task, vma, start, end);
    }

    private long dontneed(Call call, Vma vma, long start, long end) {
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
    private long dontneedHugetlb(Call call, Vma vma, long start, long end) {
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

    private long free(Call call, Vma vma, long start, long end) {
        if (vma.is(VmFlags.VM_LOCKED | VmFlags.VM_PFNMAP) || vma.file() != null) {
            return -Errno.EINVAL;
        }
        WalkLock lock = locks.freeWalkOps().declare(walkLock(call));
        return gathering(call, gather -> lazyfree.range(call.task, gather, lock, vma, start, end));
    }

    private long cold(Call call, Vma vma, long start, long end) {
        if (vma.is(VmFlags.VM_LOCKED | VmFlags.VM_PFNMAP | VmFlags.VM_HUGETLB)) {
            return -Errno.EINVAL;
        }
        return gathering(call, gather -> cold.range(call.task, gather, walkLock(call), vma, start, end, call.advice == Advice.PAGEOUT));
    }

    /// `madvise_update_vma`: returns early if nothing changes; mmap's ENOMEM is EAGAIN here.
    private long changeFlags(Call call, Vma vma, long start, long end) {
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
}
