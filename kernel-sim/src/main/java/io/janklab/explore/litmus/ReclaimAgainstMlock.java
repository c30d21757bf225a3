package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// Folios that reclaim puts back against folios that mlock moves to the unevictable list.
final class ReclaimAgainstMlock extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "reclaim-mlock",
            "Reclaim looks at a page that has just been used, and puts it back, while its owner locks it: whichever list it ends on "
                    + "counts it.",
            ReclaimAgainstMlock::new);

    @Override
    protected void setUp(Task task) {
        swapOn();
        super.setUp(task);
        drainLru();
    }

    @Override
    protected void start() {
        task("reclaim", this::reclaim);
        task("owner", task -> mustSucceed(syscalls().mlock(task, page.address, PAGE), "mlock"));
    }
}
