/// Frames of the watched app: the threads that make them, how each frame's time was spent, the worst of them with their timelines.
///
/// Invariant: the time of a watched task is cut into intervals that neither overlap nor leave gaps, and each is charged to exactly one
/// [io.janklab.dashboards.measure.result.Part]; so the parts of a frame add up to its duration to the nanosecond.
@NullMarked
package io.janklab.dashboards.measure.frame;

import org.jspecify.annotations.NullMarked;
