/// Runs and many of them: one simulation per run, as many at once as the host has cores.
///
/// Invariant: a run is determined by its [io.janklab.workloads.sweep.RunSpec] alone; results come in the order asked for, whatever
/// order they finished in.
@NullMarked
package io.janklab.workloads.sweep;

import org.jspecify.annotations.NullMarked;
