package io.janklab.dashboards.compare;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/// One metric of two kernels over the same seeds: any choice of the 2n runs has a figure, and two choices have a difference.
///
/// @param seeds n
/// @param figure of the runs, each counted as often as its weight says: first the n of one kernel, then the n of the other
record PairedFigure(int seeds, ToDoubleFunction<int[]> figure) {
    /// The second kernel's figure minus the first's, with seed `i` counted `weights[i]` times on both sides.
    double difference(int[] weights) {
        int[] first = Arrays.copyOf(weights, 2 * seeds);
        int[] second = new int[2 * seeds];
        System.arraycopy(weights, 0, second, seeds, seeds);
        return figure.applyAsDouble(second) - figure.applyAsDouble(first);
    }

    /// The same with each seed counted once, the runs of those marked given to the other kernel.
    double difference(boolean[] swapped) {
        int[] first = new int[2 * seeds];
        int[] second = new int[2 * seeds];
        for (int i = 0; i < seeds; i++) {
            (swapped[i] ? second : first)[i] = 1;
            (swapped[i] ? first : second)[seeds + i] = 1;
        }
        return figure.applyAsDouble(second) - figure.applyAsDouble(first);
    }
}
