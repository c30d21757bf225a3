package io.janklab.workloads.scale;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;

/// One loop on a machine of equal cores, a task on each.
///
/// @param processes whether each task has a process of its own, or all share one
/// @param durationNs virtual time measured, warm-up not counted
/// @param seed on which only jemalloc's placement of blocks depends
public record ScaleSpec(
        Loop loop, KernelProfile kernel, Architecture architecture, CostModel costs, int cores, boolean processes, long durationNs,
                long seed) {}
