package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.explore.LitmusProgram;
import io.janklab.kernel.cpu.Task;

/// Two tasks write to a page that is not there yet: one of them makes it, the other finds it.
final class FirstFaults extends LitmusProgram {
    static final Litmus LITMUS = Litmus.of("first-faults",
            "Two tasks write a page neither of them has touched before: one page is made, and no write is lost.", FirstFaults::new)
            .allowing("page=1", "page=2");

    private long page;

    @Override
    protected void setUp(Task task) {
        page = map(task, 1);
    }

    @Override
    protected void start() {
        task("first", task -> store(task, page, 1));
        task("second", task -> store(task, page, 2));
    }

    @Override
    protected void finish(Task task) {
        outcome("page", load(task, page));
    }
}
