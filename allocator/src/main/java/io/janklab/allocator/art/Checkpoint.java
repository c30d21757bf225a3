package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// A function that must run once for every thread: on the thread itself if it runs managed code, else on the requesting thread
/// (`art::Closure`).
@FunctionalInterface
interface Checkpoint {
    void run(Task by, Mutator mutator);
}
