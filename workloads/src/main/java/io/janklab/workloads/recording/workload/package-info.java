/// A recording turned into something that can be run: processes, threads, and for each thread what it does in which order.
///
/// A program of [io.janklab.workloads.recording.workload.Op]s holds only what a thread would do on any kernel: it computes, calls, touches,
/// sleeps, wakes. Waits for locks and for a core are not part of it: they arise anew when it is run. Invariant: every op that waits for
/// another thread names one that came before it in the recording's time, so that a replay cannot wait in a circle.
@NullMarked
package io.janklab.workloads.recording.workload;

import org.jspecify.annotations.NullMarked;
