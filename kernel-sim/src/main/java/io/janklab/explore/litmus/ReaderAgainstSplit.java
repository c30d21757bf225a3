package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// A fault finds a VMA that is being cut in two.
final class ReaderAgainstSplit extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "fault-split",
            "One task writes the upper half of a mapping while another unmaps that half: the write must not land where the VMA no longer "
                    + "reaches.",
            ReaderAgainstSplit::new)
            .allowing("lower=1 upper=SIGSEGV");

    private long heap;

    @Override
    protected void setUp(Task task) {
        heap = map(task, 4);
        store(task, heap, 1);
    }

    @Override
    protected void start() {
        task("writer", task -> tryStore(task, heap + 3 * PAGE, 2));
        task("unmapper", task -> mustSucceed(syscalls().munmap(task, heap + 2 * PAGE, 2 * PAGE), "munmap"));
    }

    @Override
    protected void finish(Task task) {
        outcome("lower", tryLoad(task, heap));
        outcome("upper", tryLoad(task, heap + 3 * PAGE));
    }
}
