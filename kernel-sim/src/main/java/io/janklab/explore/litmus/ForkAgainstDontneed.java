package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;

/// fork copies page tables that another thread is emptying.
final class ForkAgainstDontneed extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "fork-dontneed",
            "One task forks while another discards a page: the child has the old value or none, the parent none.",
            ForkAgainstDontneed::new);

    @Override
    protected void start() {
        task("forker", task -> mustSucceed(process().fork(task, "child", this::loadTwice), "fork"));
        task("purger", task -> page.dontneed(task));
    }
}
