package io.janklab.dashboards.compare;

/// A statistic of the whole experiment in which seed `i` counts `weights[i]` times.
///
/// `weights` all 1 is the experiment itself; the bootstrap draws others.
@FunctionalInterface
interface SeedResample {
    double statistic(int[] weights);
}
