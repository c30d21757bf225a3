/// The semantics of Linux's locks: which task waits, may steal, is woken; none of them inherits priorities. Decisions that could be made
/// otherwise are in `policy`.
///
/// Invariant: every operation first settles the caller's time, so that a lock changes hands at the right instant; every acquisition is
/// checked by lockdep and reported to the tracepoints.
@NullMarked
package io.janklab.kernel.lock;

import org.jspecify.annotations.NullMarked;
