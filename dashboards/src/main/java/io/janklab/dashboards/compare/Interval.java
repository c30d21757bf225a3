package io.janklab.dashboards.compare;

/// A confidence interval; both ends are NaN where there is none.
record Interval(double low, double high) {
    static final Interval NONE = new Interval(Double.NaN, Double.NaN);
}
