package io.janklab.explore;

import io.janklab.kernel.cpu.KernelRuleBroken;

/// The tasks of a litmus, each a few calls long, do not come to their ends.
final class NoProgress extends KernelRuleBroken {
    private static final long serialVersionUID = 1;

    NoProgress(int steps) {
        super("starvation: the tasks have not ended after " + steps + " steps");
    }
}
