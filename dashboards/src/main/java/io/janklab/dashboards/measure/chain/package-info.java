/// Why a task waits: the chain from the lock it waits for, by way of its blockers, to the task at the end and what that one is doing.
///
/// Invariant: a wait is cut where its chain changes, and each interval is charged to exactly one
/// [io.janklab.dashboards.measure.tally.Chain]; two waits are the same chain if the same families of tasks, at the same priorities,
/// blocked each other in the same way.
@NullMarked
package io.janklab.dashboards.measure.chain;

import org.jspecify.annotations.NullMarked;
