/// Where threads spend the time they do not run, as folded stacks for flame graphs.
///
/// Invariant: of every thread, running time and the stacks' time add up to the time from its first event to the end.
@NullMarked
package io.janklab.dashboards.offcpu;

import org.jspecify.annotations.NullMarked;
