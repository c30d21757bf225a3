package io.janklab.allocator.arena;

import io.janklab.kernel.cpu.Task;

/// A thread as arenas and caches know it: its task, its random numbers, its bin shards, and when it next runs decay.
class ArenaThread {
    private static final int TICKS = 1000;
    private static final int LG_STEPS = 6;
    private static final int STEP_UNIT = 61;
    /// −ln(i/64) in units of 1/61, i from 1 to 64 (`ticker.c`): draws the time to the next of rare, independent events.
    private static final int[] GEOMETRIC = {
        254, 211, 187, 169, 156, 144, 135, 127, 120, 113, 107, 102, 97, 93, 89, 85,
        81, 77, 74, 71, 68, 65, 62, 60, 57, 55, 53, 50, 48, 46, 44, 42,
        40, 39, 37, 35, 33, 32, 30, 29, 27, 26, 24, 23, 21, 20, 19, 18,
        16, 15, 14, 13, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    };

    final Task task;
    final Prng prng;
    /// Number of the thread among those of its arena; chooses its bin shards.
    int shard;

    private int ticks = TICKS;

    ArenaThread(Task task, long seed) {
        this.task = task;
        this.prng = new Prng(seed);
    }

    /// Counts arena operations.
    ///
    /// @return whether the thread should run decay: at random, once in a thousand (`ticker_geom_ticks`)
    final boolean tick(int operations) {
        ticks -= operations;
        if (ticks >= 0) {
            return false;
        }
        ticks = TICKS * GEOMETRIC[(int) prng.bits(LG_STEPS)] / STEP_UNIT;
        return true;
    }
}
