package io.janklab.explore.litmus;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Uffd;

/// Programs that move one page, which holds 1, by UFFDIO_MOVE.
abstract class MoveProgram extends MemoryProgram {
    static final long FROM = TABLE;
    static final long TO = TABLE + TABLE_BYTES;

    UserfaultFd uffd;

    /// The page, and an empty destination that is registered.
    @Override
    protected void setUp(Task task) {
        mapAt(task, FROM, 1);
        mapAt(task, TO, 1);
        store(task, FROM, 1);
        uffd = register(task, TO, 1);
    }

    final UserfaultFd register(Task task, long address, int pages) {
        UserfaultFd made = syscalls().userfaultfd(task, Uffd.UFFD_FEATURE_SIGBUS);
        mustSucceed(made.register(task, address, pages * PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING), "UFFDIO_REGISTER");
        return made;
    }

    /// @return bytes moved, or −errno
    final long move(Task task) {
        return uffd.move(task, TO, FROM, PAGE, 0);
    }
}
