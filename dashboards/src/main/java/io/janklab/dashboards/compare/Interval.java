package io.janklab.dashboards.compare;

/// A confidence interval; both ends NaN where none can be made.
record Interval(double low, double high) {
    static final Interval NONE = new Interval(Double.NaN, Double.NaN);
}
