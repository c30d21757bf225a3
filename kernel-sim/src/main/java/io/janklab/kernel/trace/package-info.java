/// The kernel's tracepoints, typed and free of allocation: the only way anything downstream sees what happened.
///
/// The package names tasks and locks through its own small interfaces, so that it depends on nothing and every kernel package may
/// emit. User space writes its markers (slices, counters, frames) here too, as Android's atrace does into `trace_marker`.
///
/// Invariant: listeners observe; nothing they do can steer the simulation.
@NullMarked
package io.janklab.kernel.trace;

import org.jspecify.annotations.NullMarked;
