/// Program files for `run`: threads with priorities and cores, loops of calls in the language of [io.janklab.program], think times, and
/// marks for the calls whose latency counts.
///
/// Invariant: a file that cannot be used is refused as a whole, naming its line, before anything is run.
@NullMarked
package io.janklab.workloads.threads;

import org.jspecify.annotations.NullMarked;
