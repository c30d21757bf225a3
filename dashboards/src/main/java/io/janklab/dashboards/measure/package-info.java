/// Tracepoints in, one [io.janklab.dashboards.measure.result.RunMeasurement] out: frames, task times, lock use, inversion chains, counts.
///
/// Only here are the parts put together ([io.janklab.dashboards.measure.RunRecorder]). Each of them may use those below it:
///
/// | package | what it is |
/// |---|---|
/// | `frame` | the watched app's frames and the threads that make them |
/// | `chain` | why a task waits |
/// | `mirror` | tasks, CPUs and locks, as the tracepoints show them |
/// | `span` | what has ended, for timelines |
/// | `tally` | running totals, which meters read live |
/// | `result` | the measurement: values |
///
/// Invariant: nothing but tracepoints is read, so any program on any kernel that emits them can be measured.
@NullMarked
package io.janklab.dashboards.measure;

import org.jspecify.annotations.NullMarked;
