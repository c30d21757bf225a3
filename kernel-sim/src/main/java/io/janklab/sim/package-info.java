/// Virtual time, and nothing else: a clock in nanoseconds, one ordered event queue, coroutines and named random streams.
///
/// Invariant: one [Simulation] lives on one host thread, and its events fire in the order (time, tie-break, sequence), so the same
/// inputs give the same event stream on any host. The package knows no kernel.
@NullMarked
package io.janklab.sim;

import org.jspecify.annotations.NullMarked;
