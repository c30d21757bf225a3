package io.janklab.dashboards.measure;

/// How one task spent its life, in ns of virtual time.
///
/// @param longestUninterruptibleNs the longest single stay in D state
public record TaskTimes(
        int tid,
        String name,
        String processName,
        long runningNs,
        long runnableNs,
        long interruptibleNs,
        long uninterruptibleNs,
        long longestUninterruptibleNs) {}
