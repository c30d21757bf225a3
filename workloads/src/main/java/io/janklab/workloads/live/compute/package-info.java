/// Answers being worked out: runs on a limited number of cores, from a cache where they have been made before, until somebody gives up.
///
/// Invariant: what a run comes to depends on the inputs of its digest alone, so that a cached run is as good as a new one.
package io.janklab.workloads.live.compute;
