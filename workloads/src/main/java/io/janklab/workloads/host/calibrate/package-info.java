/// `calibrate`: the probes of [io.janklab.workloads.host.measure] put together into a cost model and a device profile of this host.
///
/// Invariant: a cost that no probe measures keeps its default, and the profile says so.
@NullMarked
package io.janklab.workloads.host.calibrate;

import org.jspecify.annotations.NullMarked;
