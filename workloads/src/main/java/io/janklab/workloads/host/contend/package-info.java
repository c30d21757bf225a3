/// `validate`: one contention workload (victim and purgers) on the host's kernel and on the simulated one, its percentiles predicted and
/// measured side by side.
///
/// Invariant: the simulated side sees the host's measured costs and never its contended latencies.
@NullMarked
package io.janklab.workloads.host.contend;

import org.jspecify.annotations.NullMarked;
