/// What one run was measured to be: a [io.janklab.dashboards.measure.result.RunMeasurement] and its parts. Comparisons, reports and exports
/// read these.
///
/// Invariant: times are in ns and sizes in bytes. All are values, except that frames no longer among the latest drop their timelines
/// ([io.janklab.dashboards.measure.result.LatestFrames]).
@NullMarked
package io.janklab.dashboards.measure.result;

import org.jspecify.annotations.NullMarked;
