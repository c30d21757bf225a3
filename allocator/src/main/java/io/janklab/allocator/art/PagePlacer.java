package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Errno;

/// The userfaultfd ioctls that fill the moving space, and what is done about their errors (`CopyIoctl`, `ZeropageIoctl`).
final class PagePlacer {
    private final UserfaultFd uffd;
    /// Until a page cannot be moved: then all are copied.
    private boolean moves;

    PagePlacer(HeapParts heap, UserfaultFd uffd) {
        this.uffd = uffd;
        this.moves = heap.options().ioctl() == CompactionIoctl.MOVE;
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

    /// `UFFDIO_COPY`. A page that somebody else has mapped meanwhile counts as in place.
    int copy(Task task, long to, long buffer, int pages, boolean mayGiveUp) {
        long done = uffd.copy(task, to, buffer, pages * MemMap.PAGE, 0);
        if (done == -Errno.EEXIST) {
            return 1;
        }
        MemMap.check("UFFDIO_COPY", done);
        return (int) (done / MemMap.PAGE);
    }

    /// `UFFDIO_ZEROPAGE` of one page. Somebody may have been faster, and the space may be disarmed by now.
    void zeropage(Task task, long page) {
        long done = uffd.zeropage(task, page, MemMap.PAGE, 0);
        if (done != -Errno.EEXIST && done != -Errno.ENOENT) {
            MemMap.check("UFFDIO_ZEROPAGE", done);
        }
    }
}
