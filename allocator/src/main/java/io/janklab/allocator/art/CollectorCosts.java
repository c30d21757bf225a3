package io.janklab.allocator.art;

/// The cost of the collectors' own work, in ns on a core of capacity 1024. System calls, page faults and waiting are paid on top.
///
/// No figures of current phones have been published; all of these are assumptions to vary.
///
/// @param markNsPerMib marking, per MiB of reachable objects
/// @param copyNsPerPage copying a page of objects and updating the references in it
/// @param zeroNsPerPage overwriting a page with zeroes
/// @param threadRootsNs visiting the roots on one thread's stack
/// @param pauseNs work of one pause that does not depend on the number of threads: dirty cards, system weaks, classes
/// @param readBarrierShare how much longer managed code takes while read barriers are armed (concurrent copying), as a share
/// @param syscallNs a system call with nothing to do: `sched_yield`, a futex wake
public record CollectorCosts(
        long markNsPerMib, long copyNsPerPage, long zeroNsPerPage, long threadRootsNs, long pauseNs, double readBarrierShare,
                long syscallNs) {}
