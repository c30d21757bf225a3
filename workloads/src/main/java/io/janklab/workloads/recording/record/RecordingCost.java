package io.janklab.workloads.recording.record;

import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SystemCall;
import java.io.IOException;
import java.nio.file.Path;

/// What being recorded costs a thread on this host.
///
/// @param eventNs of one event (ns); 0 if unknown
/// @param probeNs of a function's two uprobes (ns); 0 if unknown
record RecordingCost(long eventNs, long probeNs) {
    static final RecordingCost UNKNOWN = new RecordingCost(0, 0);

    /// Measures a call with and without its two events.
    ///
    /// @param calls a recorder's own buffer, whose contents are lost
    /// @throws IOException if the measuring thread cannot be told from others
    static RecordingCost measure(Tracefs.Instance calls, Uprobes probes) throws IOException {
        HostSyscalls linux = new HostSyscalls();
        Runnable call = () -> linux.call(SystemCall.MUNMAP, 0, 0);
        calls.write("set_event_pid", Path.of("/proc/thread-self").toRealPath().getFileName().toString());
        // Once for the JIT.
        fastest(call);
        long without = fastest(call);
        calls.write("tracing_on", "1");
        long with = fastest(call);
        calls.write("tracing_on", "0");
        long probeNs = probes.areDefined() ? probes.cost(() -> fastest(ProbedCall::run), calls) : 0;
        calls.write("trace", "");
        return new RecordingCost(Math.max(0, (with - without) / 2), probeNs);
    }

    private static long fastest(Runnable call) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long began = System.nanoTime();
            for (int i = 0; i < 500; i++) {
                call.run();
            }
            best = Math.min(best, (System.nanoTime() - began) / 500);
        }
        return best;
    }
}
