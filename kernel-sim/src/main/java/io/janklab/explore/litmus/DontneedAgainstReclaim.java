package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// Two ways for one page to go at once.
final class DontneedAgainstReclaim extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "dontneed-reclaim",
            "One task discards a page that reclaim is just taking away: it is freed once, and reads zero afterwards.",
            DontneedAgainstReclaim::new);

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        giveUp(task);
    }

    @Override
    protected void start() {
        task("purger", task -> page.dontneed(task));
        task("reclaim", this::reclaim);
    }

    @Override
    protected void finish(Task task) {
        check(page.load(task) == 0, "the page survived");
    }
}
