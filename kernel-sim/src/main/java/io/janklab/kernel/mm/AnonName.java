package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;

/// `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME)` (Linux `mm/madvise.c`, `madvise_set_anon_name`): under mmap_lock for writing. A name keeps a
/// VMA from merging with neighbours that bear another.
final class AnonName {
    private final Mm mm;
    private final VmaModify modify;

    AnonName(Mm mm) {
        this.mm = mm;
        this.modify = new VmaModify(mm);
    }

    /// EINVAL if misaligned or if the range wraps; 0 for length 0; ENOMEM for a hole, after the rest has been named.
    long set(Task task, long start, long length, String name) {
        if (!Addresses.isAligned(start)) {
            return -Errno.EINVAL;
        }
        long end = start + Addresses.pageAlign(length);
        if (Long.compareUnsigned(end, start) < 0) {
            return -Errno.EINVAL;
        }
        if (end == start) {
            return 0;
        }
        mm.writeLock(task);
        long result = walk(task, start, end, name);
        mm.writeUnlock(task);
        return result;
    }

    private long walk(Task task, long start, long end, String name) {
        long result = 0;
        for (long at = start; Long.compareUnsigned(at, end) < 0; ) {
            Vma vma = mm.vmas().findIntersection(at, end);
            if (vma == null) {
                return -Errno.ENOMEM;
            }
            if (vma.start() > at) {
                result = -Errno.ENOMEM;
                at = vma.start();
            }
            long stop = Math.min(vma.end(), end);
            long error = setOne(task, vma, at, stop, name);
            if (error != 0) {
                return error;
            }
            at = stop;
        }
        return result;
    }

    private long setOne(Task task, Vma vma, long start, long end, String name) {
        task.charge(mm.memory().costs().ns(Cost.MADVISE));
        return name.equals(vma.anonName()) ? 0 : modify.setName(task, vma, start, end, name);
    }
}
