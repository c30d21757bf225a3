package io.janklab.allocator.netty;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Lets one Java thread in at a time; not reentrant.
///
/// It is made for critical sections of nanoseconds: a release wakes no waiter and so needs no fence; a waiter polls, after a short spin at
/// growing intervals.
final class Turnstile {
    private static final int SPINS = 100;
    private static final long SHORTEST_PAUSE_NS = 1_000;
    private static final long LONGEST_PAUSE_NS = 50_000;

    private final AtomicBoolean taken = new AtomicBoolean();

    void enter() {
        for (long pause = SHORTEST_PAUSE_NS; !spinIn(); pause = Math.min(2 * pause, LONGEST_PAUSE_NS)) {
            LockSupport.parkNanos(this, pause);
        }
    }

    private boolean spinIn() {
        for (int i = 0; i < SPINS; i++) {
            if (taken.weakCompareAndSetAcquire(false, true)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    void leave() {
        taken.setRelease(false);
    }
}
