package io.janklab.dashboards.compare;

/// One metric of two kernels over the same seeds.
interface PairedFigure {
    /// The metric with the second kernel's figure less by `shift`, in the metric's unit: what is left if `shift` is the true difference.
    Shifted less(double shift);

    /// The metric for any assignment of runs to kernels.
    interface Shifted {
        /// The second kernel's figure minus the first's, with the runs of the marked seeds swapped between the kernels.
        double difference(boolean[] swapped);
    }
}
