package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Uffd;

/// The page comes before its fault has gone to sleep.
final class UserfaultAgainstCopy extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "userfault-copy",
            "One task touches a missing page while the manager fills it unasked: the fault must not sleep for what is there already.",
            UserfaultAgainstCopy::new)
            .allowing("page=7");

    private static final long TO = TABLE;
    private static final long SOURCE = TABLE + TABLE_BYTES;

    private UserfaultFd uffd;

    @Override
    protected void setUp(Task task) {
        mapAt(task, TO, 1);
        mapAt(task, SOURCE, 1);
        store(task, SOURCE, 7);
        uffd = syscalls().userfaultfd(task, 0);
        uffd.register(task, TO, PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING);
    }

    @Override
    protected void start() {
        task("reader", task -> outcome("page", load(task, TO)));
        task("manager", task -> mustSucceed(uffd.copy(task, TO, SOURCE, PAGE, 0), "UFFDIO_COPY"));
    }
}
