package io.janklab.dashboards.measure.result;

/// The parts of a frame's time. Every nanosecond belongs to exactly one part.
public enum Part {
    /// The thread that the frame was waiting for ran.
    OWN_WORK("own work"),
    /// It could have run but had no CPU.
    RUNNABLE("waiting for a CPU"),
    /// It waited for a lock, asleep or spinning; split further by [io.janklab.dashboards.measure.tally.Chain].
    LOCK_WAIT("waiting for locks"),
    /// It was stopped for the garbage collector: suspended, waiting for a collection to end, or collecting itself.
    GC_PAUSE("stopped by the garbage collector"),
    /// It slept interruptibly, not on a lock: the answer of another thread, a timer.
    SLEEP("asleep"),
    /// It slept in D state, not on a lock: I/O.
    IO("uninterruptible sleep"),
    /// The UI thread was done with the frame and the RenderThread had not begun it.
    HAND_OFF("queued for RenderThread");

    private final String words;

    Part(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
