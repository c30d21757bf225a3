package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import org.jspecify.annotations.Nullable;

/// A thread of the app that runs managed code (`art::Thread`): what the collector must know about it, and its part of the heap.
public final class Mutator {
    final Task task;
    /// In managed code (`kRunnable`); else it sleeps or runs native code, and counts as suspended.
    boolean managed;
    /// The function to run at its next safepoint, or null.
    @Nullable Checkpoint checkpoint;
    /// It has to visit its own roots before it continues.
    boolean flipPending;

    // Thread-local allocation buffer

    long position;
    /// Up to here the bytes have been accounted for.
    long end;
    /// Up to here the buffer may be extended.
    long limit;

    Mutator(Task task) {
        this.task = task;
    }

    long remaining() {
        return end - position;
    }

    void setTlab(long begin, long accountedEnd, long newLimit) {
        position = begin;
        end = accountedEnd;
        limit = newLimit;
    }

    /// `RevokeThreadLocalBuffers`: objects stay where they are, new ones go elsewhere.
    void revokeTlab() {
        setTlab(0, 0, 0);
    }
}
