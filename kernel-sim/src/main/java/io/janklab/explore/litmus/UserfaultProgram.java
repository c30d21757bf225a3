package io.janklab.explore.litmus;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Uffd;

/// Programs whose missing page a manager fills with 7, by UFFDIO_COPY.
abstract class UserfaultProgram extends MemoryProgram {
    static final long TO = TABLE;
    private static final long SOURCE = TABLE + TABLE_BYTES;

    UserfaultFd uffd;

    @Override
    protected void setUp(Task task) {
        mapAt(task, TO, 1);
        mapAt(task, SOURCE, 1);
        store(task, SOURCE, 7);
        uffd = syscalls().userfaultfd(task, 0);
        uffd.register(task, TO, PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING);
    }

    final void copy(Task task) {
        mustSucceed(uffd.copy(task, TO, SOURCE, PAGE, 0), "UFFDIO_COPY");
    }
}
