package io.janklab.workloads.api;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.Percentiles;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.program.Nearest;
import io.janklab.workloads.input.BadInput;
import java.util.Arrays;
import java.util.List;

/// The result of a run: its frames, pooled over seeds, and everything else that was measured.
///
/// @param result the full result
public record Jank(KernelResult result) {
    private static final double NS_PER_MS = 1e6;

    public int frames() {
        return result.frames().count();
    }

    /// Of all frames, in percent; NaN if there were none.
    public double jankyPercent() {
        return frames() == 0 ? Double.NaN : 100.0 * result.frames().janky() / frames();
    }

    /// How much later than allowed frames ended (ms, negative is early): that percentile, by Macrobenchmark's rule.
    public double overrunMs(double percentile) {
        return percentile(result.frames().overrunNs(), percentile);
    }

    /// From `doFrame`'s beginning to the RenderThread's end (ms): that percentile, by Macrobenchmark's rule.
    public double durationMs(double percentile) {
        return percentile(result.frames().durationNs(), percentile);
    }

    private static double percentile(long[] ns, double percentile) {
        long[] sorted = ns.clone();
        Arrays.sort(sorted);
        return Percentiles.at(sorted, percentile) / NS_PER_MS;
    }

    /// For how long the UI thread was inverted in all runs together (ms).
    public double uiInversionMs() {
        return result.inversion().uiNs() / NS_PER_MS;
    }

    /// A figure that the scenario measures itself: the mean over seeds.
    ///
    /// @throws BadInput if it measures nothing of that name
    public double quantity(String name) {
        List<String> names = result.quantities().stream().map(Quantity::name).toList();
        if (!names.contains(name)) {
            throw new BadInput("the scenario measures no '" + name + "'" + Nearest.hint(name, names) + "; it measures " + names + ".");
        }
        return result.quantities().get(names.indexOf(name)).value();
    }

    /// The chains that the UI thread waited for longest, in words.
    public List<String> worstChains() {
        return result.inversion().uiChains().stream().limit(3).map(chain -> chain.ns() / NS_PER_MS + " ms: " + chain.chain()).toList();
    }
}
