/// What Linux locks mean: who waits, who may steal, who is woken, and what none of them does (inherit priorities). What can be decided
/// otherwise is `policy`'s.
///
/// Invariant: every operation first settles the caller's time, so that a lock changes hands at the right instant; every acquisition
/// is checked by lockdep and told to the tracepoints.
package io.janklab.kernel.lock;
