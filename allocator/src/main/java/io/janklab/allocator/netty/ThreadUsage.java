package io.janklab.allocator.netty;

/// The cost of one live thread so far on the simulated machine.
///
/// @param thread the Java thread's name when it first called, or that of a thread of the allocator's own
/// @param cpuNs virtual time (ns) on a core
/// @param mmapLockWaitNs virtual time (ns) it has waited for the process's `mmap_lock`
/// @param pageFaults page faults it has taken
/// @param madvises `madvise` calls it has made
public record ThreadUsage(String thread, long cpuNs, long mmapLockWaitNs, long pageFaults, long madvises) {}
