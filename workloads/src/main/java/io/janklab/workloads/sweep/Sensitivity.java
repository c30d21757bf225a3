package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/// How much a metric follows a factor.
///
/// @param group device, scenario and kernel whose points were looked at
/// @param correlation Spearman's, over the points: 1 if the metric always rises with the factor, −1 if it always falls, 0 if neither
/// @param lowest the metric's lowest and `highest` its highest value among the points
public record Sensitivity(String group, String factor, String metric, double correlation, double lowest, double highest) {
    private static final int FEWEST_POINTS = 3;

    /// For each group of points and each factor whose values are numbers; where a metric or a factor never changes nothing can be said.
    ///
    /// @param means the metric's at each point, NaN where no run had it
    public static List<Sensitivity> of(List<SweepPoint> all, List<String> factors, String metric, double[] means) {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            SweepPoint point = all.get(i);
            if (!Double.isNaN(means[i])) {
                groups.computeIfAbsent(point.scenario() + " on " + point.device() + ", " + point.kernel(), group -> new ArrayList<>()).add(i);
            }
        }
        List<Sensitivity> found = new ArrayList<>();
        groups.forEach((group, points) -> factors.forEach(factor -> add(found, group, all, means, points, factor, metric)));
        return found;
    }

    private static void add(
            List<Sensitivity> found, String group, List<SweepPoint> all, double[] means, List<Integer> points, String factor, String metric) {
        double[] y = points.stream().mapToDouble(point -> means[point]).toArray();
        double[] x;
        try {
            x = points.stream().mapToDouble(point -> Double.parseDouble(all.get(point).values().get(factor))).toArray();
        } catch (NumberFormatException e) {
            return;
        }
        double correlation = x.length < FEWEST_POINTS ? Double.NaN : new SpearmansCorrelation().correlation(x, y);
        if (!Double.isNaN(correlation)) {
            double lowest = Arrays.stream(y).min().orElseThrow();
            double highest = Arrays.stream(y).max().orElseThrow();
            found.add(new Sensitivity(group, factor, metric, correlation, lowest, highest));
        }
    }
}
