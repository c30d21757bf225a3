/// The computation of answers: runs on a limited number of cores, taken from a cache where they have been made before, until cancelled.
///
/// Invariant: the result of a run depends on the inputs of its digest alone, so that a cached run is as good as a new one.
@NullMarked
package io.janklab.workloads.live.compute;

import org.jspecify.annotations.NullMarked;
