package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// Two mmu_gathers at once: what one has cleared the other one relies on.
final class TwoDontneeds extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "two-dontneeds",
            "Two tasks discard the same page; when either call has returned, its caller must read zero, though the other may have cleared "
                    + "the entry and not flushed yet.",
            TwoDontneeds::new);

    @Override
    protected void start() {
        task("purger", this::discard);
        task("other purger", this::discard);
    }

    private void discard(Task task) {
        page.load(task);
        page.dontneed(task);
        check(page.load(task) == 0, "the page survived");
    }
}
