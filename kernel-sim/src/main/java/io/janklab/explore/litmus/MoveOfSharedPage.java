package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;

/// A page that a child shares cannot be moved.
final class MoveOfSharedPage extends MoveProgram {
    static final Litmus LITMUS = Litmus.of(
            "move-fork",
            "One task forks while another moves a page: it is moved before the fork or not at all, for the child would be looked for in "
                    + "the wrong place.",
            MoveOfSharedPage::new)
            .allowing("sum=1");

    @Override
    protected void start() {
        task("mover", task -> {
            long moved = move(task);
            check(moved == PAGE || moved == -Errno.EBUSY, "UFFDIO_MOVE failed with " + moved);
        });
        task("forker", task -> mustSucceed(process().fork(task, "child", (child, self) -> memory(child).load(self, FROM)), "fork"));
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        outcome("sum", load(task, FROM) + load(task, TO));
    }
}
