package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Uffd;

/// The userfaultfd ioctls that fill the moving space, and how their errors are handled (`CopyIoctl`, `ZeropageIoctl`).
///
/// Where the kernel has Android's trylock mode, a thread does not queue for mmap_lock at first: the less urgent it is, the more often it
/// backs off before it does.
final class PagePlacer {
    /// Java priorities 1 … 10 as nice values (`runtime/thread.cc`).
    private static final int[] NICE_OF_PRIORITY = {19, 16, 13, 10, 0, -2, -4, -5, -6, -8};

    private final CollectorCosts costs;
    private final UserfaultFd uffd;
    /// [Uffd#UFFDIO_COPY_MODE_MMAP_TRYLOCK], the same for ZEROPAGE, or 0 where the kernel does not know it.
    private final long trylock;
    /// Until a page cannot be moved: then all are copied.
    private boolean moves;

    PagePlacer(HeapParts heap, UserfaultFd uffd, boolean hasTrylock) {
        this.costs = heap.costs();
        this.uffd = uffd;
        this.trylock = hasTrylock ? Uffd.UFFDIO_COPY_MODE_MMAP_TRYLOCK : 0;
        this.moves = heap.options().ioctl() == CompactionIoctl.MOVE;
    }

    /// Whether the kernel knows the trylock mode, probed by an ioctl on memory that is not armed.
    static boolean knowsTrylock(Task task, UserfaultFd uffd, long address) {
        return uffd.zeropage(task, address, MemMap.PAGE, Uffd.UFFDIO_ZEROPAGE_MODE_MMAP_TRYLOCK) != -Errno.EINVAL;
    }

    /// Puts pages in place by the collector's ioctl.
    ///
    /// @return how many are in place now: one at least, 0 if `mayGiveUp` and mmap_lock is contended
    int place(Task task, long to, long buffer, int pages, boolean mayGiveUp) {
        if (moves) {
            long done = uffd.move(task, to, buffer, pages * MemMap.PAGE, 0);
            if (done > 0) {
                return (int) (done / MemMap.PAGE);
            }
            if (done == -Errno.EEXIST) {
                return 1;
            }
            moves = false;
        }
        return copy(task, to, buffer, pages, mayGiveUp);
    }

    /// `UFFDIO_COPY`. A page that another thread has mapped meanwhile counts as in place.
    ///
    /// @return how many are in place now: one at least, 0 if `mayGiveUp` and mmap_lock is contended
    int copy(Task task, long to, long buffer, int pages, boolean mayGiveUp) {
        long mode = trylock;
        long done = uffd.copy(task, to, buffer, pages * MemMap.PAGE, mode);
        for (int attempt = 0; done == -Errno.EAGAIN; attempt++) {
            if (mayGiveUp) {
                return 0;
            }
            mode = backOffOrBlock(task, attempt);
            done = uffd.copy(task, to, buffer, pages * MemMap.PAGE, mode);
        }
        if (done == -Errno.EEXIST) {
            return 1;
        }
        MemMap.check("UFFDIO_COPY", done);
        return (int) (done / MemMap.PAGE);
    }

    /// `UFFDIO_ZEROPAGE` of one page. Another thread may have been faster, and the space may be disarmed by now.
    void zeropage(Task task, long page) {
        long done = uffd.zeropage(task, page, MemMap.PAGE, trylock);
        for (int attempt = 0; done == -Errno.EAGAIN; attempt++) {
            done = uffd.zeropage(task, page, MemMap.PAGE, backOffOrBlock(task, attempt));
        }
        if (done != -Errno.EEXIST && done != -Errno.ENOENT) {
            MemMap.check("UFFDIO_ZEROPAGE", done);
        }
    }

    /// @return the mode of the next attempt
    private long backOffOrBlock(Task task, int attempt) {
        if (attempt >= NICE_OF_PRIORITY.length - javaPriority(task)) {
            return 0;
        }
        BackOff.fromContention(task, costs, attempt);
        return trylock;
    }

    private static int javaPriority(Task task) {
        int priority = NICE_OF_PRIORITY.length;
        while (priority > 1 && NICE_OF_PRIORITY[priority - 1] < task.nice()) {
            priority--;
        }
        return priority;
    }
}
