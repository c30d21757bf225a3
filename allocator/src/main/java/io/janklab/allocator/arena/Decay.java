package io.janklab.allocator.arena;

import io.janklab.kernel.syscall.PthreadMutex;

/// How many unused pages may stay: each page's claim fades over `decay_ms` along a smoothstep in 200 epochs (`src/decay.c`).
///
/// Times in nanoseconds, except `milliseconds`.
final class Decay {
    static final int STEPS = 200;
    /// No purge is due.
    static final long NEVER = Long.MAX_VALUE;
    private static final int FIXED_POINT = 24;
    /// 6x⁵ − 15x⁴ + 10x³ at x = (i + 1)/200, in 24-bit fixed point, rounded down (`smoothstep.h`).
    private static final long[] SMOOTHSTEP = new long[STEPS];

    static {
        long whole = (long) STEPS * STEPS * STEPS * STEPS * STEPS;
        for (long x = 1; x <= STEPS; x++) {
            long polynomial = x * x * x * (6 * x * x - 15 * STEPS * x + 10L * STEPS * STEPS);
            SMOOTHSTEP[(int) x - 1] = (polynomial << FIXED_POINT) / whole;
        }
    }

    private final PthreadMutex mutex;
    private final Prng jitter;
    private final long[] backlog = new long[STEPS];
    private boolean purging;
    private long milliseconds;
    private long interval;
    private long epoch;
    private long deadline;
    private long unpurged;
    private long pagesLimit;

    Decay(PthreadMutex mutex, long seed, long now, long milliseconds) {
        this.mutex = mutex;
        this.jitter = new Prng(seed);
        restart(now, milliseconds);
    }

    PthreadMutex mutex() {
        return mutex;
    }

    /// Forgets the backlog and decays over `newMilliseconds` from `now` on.
    void restart(long now, long newMilliseconds) {
        milliseconds = newMilliseconds;
        if (milliseconds > 0) {
            interval = milliseconds * 1_000_000 / STEPS;
        }
        epoch = now;
        setDeadline();
        unpurged = 0;
        java.util.Arrays.fill(backlog, 0);
    }

    long milliseconds() {
        return milliseconds;
    }

    boolean isImmediate() {
        return milliseconds == 0;
    }

    boolean isGradual() {
        return milliseconds > 0;
    }

    boolean isPurging() {
        return purging;
    }

    void setPurging(boolean isPurging) {
        purging = isPurging;
    }

    long epoch() {
        return epoch;
    }

    /// Pages that may stay until the next epoch.
    long pagesLimit() {
        return pagesLimit;
    }

    /// Pages that were added during the epoch just ended.
    long newestPages() {
        return backlog[STEPS - 1];
    }

    private void setDeadline() {
        deadline = epoch + interval + (milliseconds > 0 ? jitter.below(interval) : 0);
    }

    /// Once the deadline has passed, advances to the current epoch, given `pages` unused pages.
    ///
    /// @return whether the epoch advanced
    boolean advance(long now, long pages) {
        if (now < deadline) {
            return false;
        }
        long epochs = (now - epoch) / interval;
        epoch += epochs * interval;
        setDeadline();
        shiftBacklog(epochs, pages);
        pagesLimit = weigh();
        unpurged = Math.max(pagesLimit, pages);
        return true;
    }

    private void shiftBacklog(long epochs, long pages) {
        if (epochs >= STEPS) {
            java.util.Arrays.fill(backlog, 0);
        } else {
            int by = (int) epochs;
            System.arraycopy(backlog, by, backlog, 0, STEPS - by);
            java.util.Arrays.fill(backlog, STEPS - by, STEPS, 0);
        }
        backlog[STEPS - 1] = Math.max(0, pages - unpurged);
    }

    private long weigh() {
        long sum = 0;
        for (int i = 0; i < STEPS; i++) {
            sum += backlog[i] * SMOOTHSTEP[i];
        }
        return sum >>> FIXED_POINT;
    }

    /// How many of `pages` new pages must be purged within `time` (ns).
    long pagesToPurgeWithin(long time, long pages) {
        long epochs = time / interval;
        if (epochs >= STEPS) {
            return pages;
        }
        return (pages * (SMOOTHSTEP[STEPS - 1] - SMOOTHSTEP[STEPS - 1 - (int) epochs])) >>> FIXED_POINT;
    }

    /// Time (ns) until about `threshold` of `pages` unused pages are due, or [#NEVER] (`decay_ns_until_purge`).
    long timeUntilPurge(long pages, long threshold) {
        if (!isGradual() || (pages == 0 && java.util.Arrays.stream(backlog).allMatch(count -> count == 0))) {
            return NEVER;
        }
        if (pages <= threshold) {
            return interval * STEPS;
        }
        int low = 2;
        int high = STEPS;
        long dueLow = dueAfter(low);
        long dueHigh = dueAfter(high);
        if (dueLow > threshold) {
            return interval * low;
        }
        if (dueHigh < threshold) {
            return interval * high;
        }
        while (dueLow + threshold < dueHigh && low + 2 < high) {
            int middle = (low + high) / 2;
            long due = dueAfter(middle);
            if (due > threshold) {
                high = middle;
                dueHigh = due;
            } else {
                low = middle;
                dueLow = due;
            }
        }
        return interval * (low + high) / 2;
    }

    /// Pages that fall due within that many epochs if none are added.
    private long dueAfter(int epochs) {
        long sum = 0;
        for (int i = 0; i < STEPS; i++) {
            sum += backlog[i] * (SMOOTHSTEP[i] - (i < epochs ? 0 : SMOOTHSTEP[i - epochs]));
        }
        return sum >>> FIXED_POINT;
    }
}
