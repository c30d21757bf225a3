package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.uapi.Errno;

/// `madvise(2)` (Linux `mm/madvise.c`, `do_madvise`).
final class Madvise {
    private final Mm mm;
    private final MemoryManager memory;
    private final MadviseLocks locks;
    private final Zap zap;
    private final Lazyfree lazyfree;
    private final Cold cold;
    private final VmaModify modify;

    Madvise(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.locks = memory.madviseLocks();
        this.zap = new Zap(mm);
        this.lazyfree = new Lazyfree(mm);
        this.cold = new Cold(mm);
        this.modify = new VmaModify(mm);
    }

    /// One call: what was asked, under which lock, and what it has gathered (`struct madvise_behavior`).
    private static final class Call {
        final Task task;
        final int advice;
        final long start;
        final long end;
        MadvisePath path = MadvisePath.NONE;
        Vma lockedVma;
        MmuGather gather;

        Call(Task task, int advice, long start, long end) {
            this.task = task;
            this.advice = advice;
            this.start = start;
            this.end = end;
        }
    }

    /// Errors in Linux's order: EINVAL for an unknown behaviour, a misaligned start, an overflowing length; 0 for an empty range.
    long madvise(Task task, long start, long length, int advice) {
        task.settle();
        long beganAt = task.now();
        task.charge(memory.costs().ns(Cost.MADVISE));
        Call call = new Call(task, advice, start, start + Addresses.pageAlign(length));
        long result = checkRange(call, length);
        if (result == 0 && call.start != call.end) {
            result = doMadvise(call);
        }
        task.settle();
        memory.tracepoints().madvise(task.now(), task, advice, start, length, call.path, result, beganAt);
        return result;
    }

    private static long checkRange(Call call, long length) {
        boolean overflows = length != 0 && Addresses.pageAlign(length) == 0;
        boolean wraps = Long.compareUnsigned(call.end, call.start) < 0;
        boolean sound = isKnown(call.advice) && Addresses.isAligned(call.start) && !overflows && !wraps;
        return sound ? 0 : -Errno.EINVAL;
    }

    /// `madvise_behavior_valid`, without what depends on KSM, transparent huge pages or swap.
    private static boolean isKnown(int advice) {
        return switch (advice) {
            case MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_DONTNEED_LOCKED, MADV_FREE, MADV_REMOVE,
                    MADV_DONTFORK, MADV_DOFORK, MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK, MADV_KEEPONFORK, MADV_COLD,
                    MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_HWPOISON, MADV_SOFT_OFFLINE -> true;
            default -> false;
        };
    }

    private long doMadvise(Call call) {
        return switch (locks.of(call.advice)) {
            // Offlining memory takes CAP_SYS_ADMIN, which no app has.
            case NO_LOCK -> -Errno.EPERM;
            case MMAP_READ_LOCK -> underMmapRead(call, MadvisePath.MMAP_READ);
            case MMAP_WRITE_LOCK -> underMmapWrite(call);
            case VMA_READ_LOCK -> underVmaRead(call);
        };
    }

    /// The final flush and the freeing of pages come before mmap_lock is let go.
    private long underMmapRead(Call call, MadvisePath path) {
        call.path = path;
        if (isPopulate(call.advice)) {
            return new Populate(mm).madvise(call.task, call.start, call.end, call.advice == MADV_POPULATE_WRITE);
        }
        mm.mmapLock().downRead(call.task);
        beginGather(call);
        long result = walkVmas(call);
        finishGather(call);
        mm.mmapLock().upRead(call.task);
        return result;
    }

    private long underMmapWrite(Call call) {
        call.path = MadvisePath.MMAP_WRITE;
        mm.writeLock(call.task);
        long result = walkVmas(call);
        mm.writeUnlock(call.task);
        return result;
    }

    /// The VMA lock is let go before the final flush and the freeing of pages.
    private long underVmaRead(Call call) {
        if (!tryVmaReadLock(call)) {
            return underMmapRead(call, call.path);
        }
        beginGather(call);
        long result = visit(call, call.lockedVma, call.start, call.end);
        mm.endRead(call.task, call.lockedVma);
        finishGather(call);
        return result;
    }

    /// `try_vma_read_lock`: one attempt. Leaves in the call's path why it failed.
    private boolean tryVmaReadLock(Call call) {
        Vma vma = mm.lockVmaUnderRcu(call.task, call.start);
        if (vma == null) {
            boolean exists = mm.vmas().lookup(call.start) != null;
            call.path = exists ? MadvisePath.FALLBACK_VMA_WRITE_LOCKED : MadvisePath.FALLBACK_NO_VMA;
            return false;
        }
        if (call.end > vma.end() || vma.is(VmFlags.VM_UFFD_FLAGS)) {
            mm.endRead(call.task, vma);
            call.path = call.end > vma.end() ? MadvisePath.FALLBACK_SEVERAL_VMAS : MadvisePath.FALLBACK_USERFAULTFD;
            return false;
        }
        call.lockedVma = vma;
        call.path = MadvisePath.VMA_LOCK;
        return true;
    }

    /// `madvise_batch_tlb_flush`.
    private void beginGather(Call call) {
        if (discards(call.advice)) {
            call.gather = memory.gather(mm);
        }
    }

    private void finishGather(Call call) {
        if (call.gather != null) {
            call.gather.finish(call.task);
        }
    }

    /// `madvise_walk_vmas`: goes on over holes and reports them at the end; stops at an error, and where nothing more is mapped.
    private long walkVmas(Call call) {
        long holes = 0;
        long at = call.start;
        while (at < call.end) {
            Vma vma = mm.vmas().find(at);
            if (vma == null) {
                return -Errno.ENOMEM;
            }
            if (at < vma.start()) {
                holes = -Errno.ENOMEM;
                at = vma.start();
                if (at >= call.end) {
                    break;
                }
            }
            long stop = Math.min(vma.end(), call.end);
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
        return switch (call.advice) {
            case MADV_DONTNEED, MADV_DONTNEED_LOCKED -> dontneed(call, vma, start, end);
            case MADV_FREE -> free(call, vma, start, end);
            case MADV_COLD -> cold(call, vma, start, end);
            // Anonymous memory has no file to punch a hole into.
            case MADV_REMOVE -> -Errno.EINVAL;
            // Without swap there is nothing to read in (CONFIG_SWAP off).
            case MADV_WILLNEED -> -Errno.EBADF;
            default -> changeFlags(call, vma, start, end);
        };
    }

    private long dontneed(Call call, Vma vma, long start, long end) {
        int forbidden = call.advice == MADV_DONTNEED_LOCKED ? VmFlags.VM_PFNMAP : VmFlags.VM_LOCKED | VmFlags.VM_PFNMAP;
        if (vma.is(forbidden)) {
            return -Errno.EINVAL;
        }
        zap.range(call.task, call.gather, start, end, true);
        call.gather.endVma(call.task);
        return 0;
    }

    private long free(Call call, Vma vma, long start, long end) {
        if (vma.is(VmFlags.VM_LOCKED | VmFlags.VM_PFNMAP)) {
            return -Errno.EINVAL;
        }
        lazyfree.range(call.task, call.gather, start, end);
        call.gather.endVma(call.task);
        return 0;
    }

    private long cold(Call call, Vma vma, long start, long end) {
        if (vma.is(VmFlags.VM_LOCKED | VmFlags.VM_PFNMAP)) {
            return -Errno.EINVAL;
        }
        cold.range(call.task, call.gather, start, end);
        call.gather.endVma(call.task);
        return 0;
    }

    /// `madvise_update_vma`: returns early if nothing changes; what mmap calls ENOMEM is EAGAIN here.
    private long changeFlags(Call call, Vma vma, long start, long end) {
        if (call.advice == MADV_DOFORK && vma.is(VmFlags.VM_IO) || call.advice == MADV_DODUMP && vma.is(VmFlags.VM_SPECIAL)) {
            return -Errno.EINVAL;
        }
        int flags = newFlags(vma.flags(), call.advice);
        if (flags == vma.flags()) {
            return 0;
        }
        long error = modify.setFlags(call.task, vma, start, end, flags);
        return error == -Errno.ENOMEM ? -Errno.EAGAIN : error;
    }

    private static int newFlags(int flags, int advice) {
        return switch (advice) {
            case MADV_NORMAL -> flags & ~(VmFlags.VM_RAND_READ | VmFlags.VM_SEQ_READ);
            case MADV_RANDOM -> flags & ~VmFlags.VM_SEQ_READ | VmFlags.VM_RAND_READ;
            case MADV_SEQUENTIAL -> flags & ~VmFlags.VM_RAND_READ | VmFlags.VM_SEQ_READ;
            case MADV_DONTFORK -> flags | VmFlags.VM_DONTCOPY;
            case MADV_DOFORK -> flags & ~VmFlags.VM_DONTCOPY;
            case MADV_WIPEONFORK -> flags | VmFlags.VM_WIPEONFORK;
            case MADV_KEEPONFORK -> flags & ~VmFlags.VM_WIPEONFORK;
            case MADV_DONTDUMP -> flags | VmFlags.VM_DONTDUMP;
            case MADV_DODUMP -> flags & ~VmFlags.VM_DONTDUMP;
            default -> throw new IllegalStateException("kernel bug: madvise " + advice + " changes no flags");
        };
    }

    private static boolean isPopulate(int advice) {
        return advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE;
    }

    private static boolean discards(int advice) {
        return switch (advice) {
            case MADV_DONTNEED, MADV_DONTNEED_LOCKED, MADV_FREE, MADV_COLD -> true;
            default -> false;
        };
    }
}
