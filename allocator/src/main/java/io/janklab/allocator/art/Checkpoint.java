package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// A function that must run once for every thread: on the thread itself if that runs managed code, else on the one who asks
/// (`art::Closure`).
@FunctionalInterface
interface Checkpoint {
    void run(Task by, Mutator mutator);
}
