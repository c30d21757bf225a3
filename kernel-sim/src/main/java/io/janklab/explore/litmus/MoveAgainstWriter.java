package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// A page moves away under a core that writes to it.
final class MoveAgainstWriter extends MoveProgram {
    static final Litmus LITMUS = Litmus.of(
            "move-writer",
            "A page is moved while another task writes to its old address: what is written after the move must not show at the new one.",
            MoveAgainstWriter::new);

    @Override
    protected void start() {
        task("mover", task -> {
            mustSucceed(move(task), "UFFDIO_MOVE");
            long first = load(task, TO);
            long second = load(task, TO);
            check(first == second, "the page changed from " + first + " to " + second + " after it had been moved");
        });
        task("writer", task -> {
            store(task, FROM, 2);
            store(task, FROM, 3);
        });
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        check(load(task, FROM) == 3 || load(task, TO) == 3, "the last write is lost");
    }
}
