/// The cost of one step of the host's kernel: probes that time a step many times, and the statistics of their samples.
///
/// Invariant: a measurement is a median with its spread, in nanoseconds; a single sample is never reported.
@NullMarked
package io.janklab.workloads.host.measure;

import org.jspecify.annotations.NullMarked;
