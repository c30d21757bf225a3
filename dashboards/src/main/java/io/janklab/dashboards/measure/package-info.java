/// Tracepoints in, one [io.janklab.dashboards.measure.RunMeasurement] out: frames, task times, lock use, inversion chains, counts.
///
/// A mirror of tasks and locks ([io.janklab.dashboards.measure.TaskTable]) is kept from the tracepoints alone, so any program on any
/// kernel that emits them can be measured.
///
/// Invariant: the time of a watched task is cut into intervals that neither overlap nor leave gaps, and every one is charged to
/// exactly one [io.janklab.dashboards.measure.Part]; so the parts of a frame add up to its duration to the nanosecond.
@NullMarked
package io.janklab.dashboards.measure;

import org.jspecify.annotations.NullMarked;
