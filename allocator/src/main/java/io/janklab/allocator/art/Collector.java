package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// A collector and the space whose objects it moves.
interface Collector {
    /// Maps the space and fills it with what lives from the start.
    void start(Task task);

    /// Gives `mutator` a buffer with `bytes` accounted for, or extends the one it has.
    ///
    /// @return bytes newly accounted for, or 0 if the space is full
    long refill(Mutator mutator, long bytes);

    /// Where the live object is that stands at `position`, 0 … 1, of all.
    long addressOf(double position);

    /// Bytes of objects in the space, live or not known to be dead.
    long usedBytes();

    /// One collection, by the calling task.
    ///
    /// @return bytes freed in the moving space and among the large objects
    long collect(Task self, Collection collection);

    /// Whether managed code has to go the long way to read a reference now.
    boolean readBarriersArmed();

    /// Whether it knows young collections.
    boolean isGenerational();

    /// `concurrent copying`, as in the name of a slice.
    String name();
}
