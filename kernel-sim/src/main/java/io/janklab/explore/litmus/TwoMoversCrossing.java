package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Uffd;

/// Two movers need the same two page tables, in opposite directions.
final class TwoMoversCrossing extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "two-movers",
            "One task moves a page from one table to another while a second moves a page back: they must not wait for each other's "
                    + "page-table lock.",
            TwoMoversCrossing::new)
            .allowing("here=1 there=2");

    private static final long THERE = TABLE;
    private static final long HERE = TABLE + TABLE_BYTES;

    private UserfaultFd uffd;

    @Override
    protected void setUp(Task task) {
        mapAt(task, THERE, 2);
        mapAt(task, HERE, 2);
        store(task, THERE, 1);
        store(task, HERE + PAGE, 2);
        uffd = syscalls().userfaultfd(task, Uffd.UFFD_FEATURE_SIGBUS);
        uffd.register(task, THERE, 2 * PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING);
        uffd.register(task, HERE, 2 * PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING);
    }

    @Override
    protected void start() {
        task("mover", task -> mustSucceed(uffd.move(task, HERE, THERE, PAGE, 0), "UFFDIO_MOVE"));
        task("other mover", task -> mustSucceed(uffd.move(task, THERE + PAGE, HERE + PAGE, PAGE, 0), "UFFDIO_MOVE"));
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        outcome("here", load(task, HERE));
        outcome("there", load(task, THERE + PAGE));
    }
}
