package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// A collector and the space whose objects it moves.
interface Collector {
    /// Maps the space and fills it with the objects that live from the start.
    void start(Task task);

    /// Gives `mutator` a buffer with `bytes` accounted for, or extends the one it has.
    ///
    /// @return bytes newly accounted for, or 0 if the space is full
    long refill(Mutator mutator, long bytes);

    /// The address of the live object at `position`, 0 … 1, among all.
    long addressOf(double position);

    /// Bytes of objects in the space, live or not known to be dead.
    long usedBytes();

    /// One collection, by the calling task.
    ///
    /// @return bytes freed in the moving space and among the large objects
    long collect(Task self, Collection collection);

    /// Whether managed code has to take the read barrier's slow path now.
    boolean readBarriersArmed();

    /// Whether it supports young collections.
    boolean isGenerational();

    /// `concurrent copying`, as in the name of a slice.
    String name();
}
