/// Runs side by side: exact percentiles, and differences between kernels with intervals from runs paired by seed.
///
/// Invariant: a pair of runs shares its seed, and so its workload; any difference between the two is due to the kernel.
@NullMarked
package io.janklab.dashboards.compare;

import org.jspecify.annotations.NullMarked;
