package io.janklab.workloads.recording.workload;

import io.janklab.kernel.config.Spread;
import java.util.Arrays;
import java.util.function.DoubleToLongFunction;

/// How recorded times differ from one to the next.
public final class Spreads {
    /// A value that fewer of them exceed is not known.
    private static final double LEAST_BEYOND = 2;

    private Spreads() {}

    /// The values of a [Spread] of `count` samples. Where there are too few to tell, for the rarest, it is the last that they do tell.
    ///
    /// @param valueAt the value (ns) that a part of the samples, from 0 to 1, stay below
    public static long[] of(long count, DoubleToLongFunction valueAt) {
        double known = 1 - LEAST_BEYOND / Math.max(LEAST_BEYOND, count);
        return Arrays.stream(Spread.parts()).mapToLong(part -> valueAt.applyAsLong(Math.min(part, known))).toArray();
    }
}
