package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;

/// The original of a copy goes away.
final class CopyAgainstDontneed extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "copy-dontneed",
            "One task writes a page it shares with a child and so must copy, while another discards it and the child exits: nothing may "
                    + "be copied from a page that is free.",
            CopyAgainstDontneed::new);

    private Task child;

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        drainLru();
        process().fork(task, "child", (process, self) -> {
            child = self;
            self.block(TaskState.INTERRUPTIBLE);
        });
    }

    @Override
    protected void start() {
        task("writer", task -> page.store(task, 2));
        task("purger", task -> page.dontneed(task));
        task("killer", task -> child.wake(task));
    }
}
