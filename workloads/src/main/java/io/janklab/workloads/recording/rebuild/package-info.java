/// From events to a [io.janklab.workloads.recording.workload.Workload]: what each thread did, which part of its time was its own, and what
/// every gap was. The rules are in a table in `workloads/RECORDING.md`.
///
/// Invariant: a thread's recorded time is cut into pieces that neither overlap nor leave gaps, and each is either kept (work, a sleep that
/// nobody recorded ends, others on its core) or dropped because a replay makes its own (calls, lock waits, its own process's threads on its
/// core).
package io.janklab.workloads.recording.rebuild;
