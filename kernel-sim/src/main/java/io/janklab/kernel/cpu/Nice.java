package io.janklab.kernel.cpu;

/// Nice values and their weights (Linux `kernel/sched/core.c`, `sched_prio_to_weight`): each step is about a factor of 1.25.
public final class Nice {
    public static final int MIN = -20;
    public static final int MAX = 19;
    /// Weight of nice 0.
    public static final int WEIGHT_0 = 1024;

    private static final int[] WEIGHTS = {
        88761, 71755, 56483, 46273, 36291, // -20
        29154, 23254, 18705, 14949, 11916, // -15
        9548, 7620, 6100, 4904, 3906, // -10
        3121, 2501, 1991, 1586, 1277, // -5
        1024, 820, 655, 526, 423, // 0
        335, 272, 215, 172, 137, // 5
        110, 87, 70, 56, 45, // 10
        36, 29, 23, 18, 15, // 15
    };

    private Nice() {}

    /// @throws IllegalArgumentException outside −20…19
    public static int check(int nice) {
        if (nice < MIN || nice > MAX) {
            throw new IllegalArgumentException("nice must lie in -20..19, not " + nice);
        }
        return nice;
    }

    public static int weight(int nice) {
        return WEIGHTS[check(nice) - MIN];
    }
}
