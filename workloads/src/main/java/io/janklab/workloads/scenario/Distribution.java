package io.janklab.workloads.scenario;

import io.janklab.sim.RandomStream;
import io.janklab.workloads.input.Settings;

/// A log-normal amount of work (ns on a core of capacity 1024) or time (ns).
///
/// @param sigma standard deviation of the logarithm; 0 is constant
public record Distribution(long medianNs, double sigma) {
    private static final double NS_PER_US = 1e3;

    static Distribution from(Settings settings, String key) {
        return new Distribution(
                (long) (settings.number(key + ".medianUs", 0, 1e7) * NS_PER_US), settings.number(key + ".sigma", 0, 5));
    }

    public long draw(RandomStream random) {
        return sigma == 0 ? medianNs : (long) random.logNormal(medianNs, sigma);
    }
}
