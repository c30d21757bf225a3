/// Tasks, CPUs and locks as the tracepoints show them: which task is in which state, which locks it holds, where it queues for one.
///
/// Invariant: the mirror is made from tracepoints alone, so it is the same for any program on any kernel that emits them; a lock's holders
/// and waiters, and for each waiter the task that blocks it, are found without examining the others.
@NullMarked
package io.janklab.dashboards.measure.mirror;

import org.jspecify.annotations.NullMarked;
