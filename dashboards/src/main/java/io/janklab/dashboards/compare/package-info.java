/// Runs side by side: exact percentiles, and differences between kernels with intervals from runs paired by seed.
///
/// Invariant: a pair of runs shares its seed, and so its workload; whatever differs between the two is the kernel's doing.
package io.janklab.dashboards.compare;
