/// From events to a [io.janklab.workloads.recording.workload.Workload]: each thread's operations, which part of its time was its own, and
/// the cause of every gap. The rules are in a table in `workloads/RECORDING.md`.
///
/// Invariant: a thread's recorded time is cut into pieces that neither overlap nor leave gaps, and each is either kept (work, a sleep that
/// no recorded thread ends, other processes on its core) or dropped because a replay makes its own (calls, lock waits, its own process's
/// threads on its core).
@NullMarked
package io.janklab.workloads.recording.rebuild;

import org.jspecify.annotations.NullMarked;
