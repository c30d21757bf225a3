package io.janklab.kernel.cpu;

/// The interrupts of one core: when the last one comes, and the handler time not yet charged to a task.
///
/// Times are virtual, in ns.
final class Interrupts {
    private final long inKernelNs;
    private long arrivedAt = -1;
    private long handledUntil = -1;
    private long unpaidNs;
    private int unpaid;
    private long postponedFrom = -1;

    /// @param inKernelNs what it costs on top to be interrupted in the kernel
    Interrupts(long inKernelNs) {
        this.inKernelNs = inKernelNs;
    }

    /// An interrupt is under way and arrives at `arrival`.
    ///
    /// @return when it will have been handled
    long send(long arrival, long handlerNs) {
        arrivedAt = arrival;
        handledUntil = arrival + handlerNs;
        unpaidNs += handlerNs;
        unpaid++;
        return handledUntil;
    }

    /// When the last one arrived, or will.
    long arrivedAt() {
        return arrivedAt;
    }

    /// Whether a handler runs at `now`.
    boolean areHandledAt(long now) {
        return arrivedAt <= now && now < handledUntil;
    }

    long handledUntil() {
        return handledUntil;
    }

    /// Whether some have not been charged.
    boolean areUnpaid() {
        return unpaid != 0;
    }

    /// Whether what runs until `end` will lose time to one.
    boolean hit(long end) {
        return unpaid != 0 && end > arrivedAt;
    }

    /// The time that the interrupted task loses to those not yet charged.
    long pay(boolean inKernel) {
        long ns = unpaidNs + (inKernel ? unpaid * inKernelNs : 0);
        unpaidNs = 0;
        unpaid = 0;
        return ns;
    }

    /// The core has interrupts off until `time`: those that are under way are handled then.
    ///
    /// @return until when
    long postpone(long time) {
        postponedFrom = handledUntil;
        handledUntil = Math.max(arrivedAt, time) + pay(false);
        return handledUntil;
    }

    /// When the one that was to be handled until `time` really is.
    long postponed(long time) {
        return time == postponedFrom ? handledUntil : time;
    }

    /// A task that has spun until `now` has lost nothing to those that have arrived.
    void spun(long now) {
        if (arrivedAt <= now) {
            pay(false);
        }
    }
}
