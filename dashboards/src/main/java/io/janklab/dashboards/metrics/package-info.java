/// Micrometer meters on virtual time, bound to the tallies of a [io.janklab.dashboards.measure.RunRecorder].
///
/// Invariant: meters read the recorder's own tallies, so they agree with `result.json`; tags have few values. `METRICS.md` lists them all.
@NullMarked
package io.janklab.dashboards.metrics;

import org.jspecify.annotations.NullMarked;
