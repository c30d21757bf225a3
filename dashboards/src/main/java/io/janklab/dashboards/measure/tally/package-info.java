/// Running totals of one run: faults, madvise calls, memory, counters, uses of locks, time by chain of blockers.
///
/// They can be read while the run goes on: meters are bound to them.
///
/// Invariant: a tally knows neither tasks nor locks, only their classes and names; it grows with the kinds of things seen, not with the
/// length of the run.
@NullMarked
package io.janklab.dashboards.measure.tally;

import org.jspecify.annotations.NullMarked;
