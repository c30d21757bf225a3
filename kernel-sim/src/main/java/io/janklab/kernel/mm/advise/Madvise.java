package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.fault.HugeDaemon;
import io.janklab.kernel.mm.fault.Populate;
import io.janklab.kernel.mm.huge.Collapse;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.reclaim.EmptyTableScan;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// `madvise(2)` (Linux `mm/madvise.c`, `do_madvise`).
public final class Madvise {
    private final Mm mm;
    private final MemoryManager memory;
    private final MadviseLocks locks;
    private final VmaBehavior behavior;
    private final Populate populate;
    private final boolean guardNeedsAnonVma;
    private final boolean gathersOncePerCall;

    public Madvise(Mm mm, MadviseLocks locks, EmptyTableScan emptyTables, FaultHandler faults, Populate populate, Collapse collapse,
            HugeDaemon daemon) {
        this.mm = mm;
        this.memory = mm.memory();
        this.locks = locks;
        this.behavior = new VmaBehavior(mm, locks, emptyTables, faults, collapse, daemon);
        this.populate = populate;
        this.gathersOncePerCall = memory.profile().is(Switch.MADVISE_GATHER, SwitchValue.SEVERAL);
        this.guardNeedsAnonVma = memory.profile().keeps(Switch.RULE_GUARD_NEEDS_ANON_VMA);
    }

    /// The address space it advises on.
    Mm mm() {
        return mm;
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
            MadviseCall call = new MadviseCall(task, advice);
            result = alone(call, start, length);
            path = call.path;
            vma = call.vma;
        }
        endRange(task, number, path, start, length, vma, result, beganAt);
        return result;
    }

    private long alone(MadviseCall call, long start, long length) {
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
        MadviseCall call = new MadviseCall(task, advice);
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
    private long lock(MadviseCall call) {
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
    private void unlock(MadviseCall call) {
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
    private long range(MadviseCall call, long start, long length) {
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

    private long behavior(MadviseCall call, long start, long end) {
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
    private long underVmaLock(MadviseCall call, Vma vma, long start, long end) {
        call.path = MadvisePath.VMA_LOCK;
        long result = behavior.apply(call, vma, start, end);
        mm.endRead(call.task, vma);
        return result;
    }

    /// `try_vma_read_lock`: one attempt. If it fails, the call's path says why.
    private @Nullable Vma tryVmaReadLock(MadviseCall call, long start, long end) {
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
    private @Nullable MadvisePath whyNotSufficient(MadviseCall call, Vma vma, long end) {
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
    private void beginGather(MadviseCall call) {
        if (call.advice.gathersInOneFlush() && (gathersOncePerCall || call.mode == MadviseLock.VMA_READ_LOCK)) {
            call.gather = memory.gather(mm);
        }
    }

    private void finishGather(MadviseCall call) {
        if (call.gather != null) {
            call.gather.finish(call.task);
        }
    }

    /// `madvise_walk_vmas`: skips holes and reports them at the end; stops at an error, and where nothing more is mapped.
    private long walkVmas(MadviseCall call, long start, long end) {
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
            long error = behavior.apply(call, vma, at, stop);
            if (error != 0) {
                return error;
            }
            at = stop;
        }
        return holes;
    }
}
