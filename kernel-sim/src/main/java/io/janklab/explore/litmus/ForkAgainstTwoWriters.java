package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// Linux 6.4 crashed programs: faults under the VMA lock did not wait for fork's flush.
final class ForkAgainstTwoWriters extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "fork-two-writers",
            "One task forks while two others write to the same page: who faults meanwhile gets a copy, and what the other writes to the "
                    + "original through its TLB must not be lost.",
            ForkAgainstTwoWriters::new);

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        drainLru();
    }

    @Override
    protected void start() {
        task("forker", task -> mustSucceed(process().fork(task, "child", (child, self) -> memory(child).load(self, page.address)), "fork"));
        // Another word of the page than the one that is watched.
        task("neighbour", task -> {
            for (int i = 0; i < 10; i++) {
                memory(process()).write(task, page.address, 1);
            }
        });
        task("writer", task -> {
            for (int stamp = 2; stamp < 16; stamp++) {
                page.store(task, stamp);
                page.load(task);
            }
        });
    }
}
