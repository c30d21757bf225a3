package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;

/// The page comes before its fault has gone to sleep.
final class UserfaultAgainstCopy extends UserfaultProgram {
    static final Litmus LITMUS = Litmus.of(
            "userfault-copy",
            "One task touches a missing page while the manager fills it unasked: the fault must not sleep for what is there already.",
            UserfaultAgainstCopy::new)
            .allowing("page=7");

    @Override
    protected void start() {
        task("reader", task -> outcome("page", load(task, TO)));
        task("manager", this::copy);
    }
}
