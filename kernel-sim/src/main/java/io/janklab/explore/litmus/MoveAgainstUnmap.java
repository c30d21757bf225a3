package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;

/// UFFDIO_MOVE against try_to_unmap.
final class MoveAgainstUnmap extends MoveProgram {
    static final Litmus LITMUS = Litmus.of(
            "move-unmap",
            "A lazyfree page is moved while reclaim unmaps it: it arrives, or it is dropped, but not both.",
            MoveAgainstUnmap::new)
            .allowing("from=0 to=0", "from=0 to=1");

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        lazyfreePage(task, FROM);
    }

    @Override
    protected void start() {
        task("mover", task -> {
            long moved = move(task);
            check(moved == PAGE || moved == -Errno.ENOENT, "UFFDIO_MOVE failed with " + moved);
        });
        task("reclaim", this::reclaim);
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        outcome("from", load(task, FROM));
        outcome("to", load(task, TO));
    }
}
