package io.janklab.dashboards.compare;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Holm's (1979) correction of p values for how many of them were looked at: of all differences called beyond chance at 5 %, the chance
/// that even one is chance stays below 5 %, however they depend on each other.
final class Holm {
    private Holm() {}

    /// The comparisons with those p values corrected that are in the `family`, for the number of them.
    static List<Comparison> correct(List<Comparison> comparisons, Predicate<Comparison> family) {
        double[] corrected = correct(comparisons.stream().mapToDouble(each -> family.test(each) ? each.p() : Double.NaN).toArray());
        return IntStream.range(0, corrected.length)
                .mapToObj(i -> family.test(comparisons.get(i)) ? comparisons.get(i).corrected(corrected[i]) : comparisons.get(i))
                .toList();
    }

    /// The corrected values in the same order: the smallest times n, the next times n − 1, and so on, never falling, at most 1. NaN is
    /// not counted and stays NaN.
    static double[] correct(double[] p) {
        int[] rising = IntStream.range(0, p.length).filter(i -> !Double.isNaN(p[i])).boxed()
                .sorted((i, j) -> Double.compare(p[i], p[j])).mapToInt(Integer::intValue).toArray();
        double[] corrected = new double[p.length];
        Arrays.fill(corrected, Double.NaN);
        double highest = 0;
        for (int rank = 0; rank < rising.length; rank++) {
            highest = Math.max(highest, Math.min(1, p[rising[rank]] * (rising.length - rank)));
            corrected[rising[rank]] = highest;
        }
        return corrected;
    }
}
