package io.janklab.workloads.phone;

import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.workloads.app.AndroidApp;

/// Rounds of inter-processor interrupts that the app's tasks had to send, and how long they waited for the answers (ns).
final class IpiTally implements TraceListener {
    private int rounds;
    private long waitedNs;

    @Override
    public void ipi(long now, TracedTask sender, int cpus, String callback, long beganAt) {
        if (sender.processName().equals(AndroidApp.PROCESS)) {
            rounds++;
            waitedNs += now - beganAt;
        }
    }

    int rounds() {
        return rounds;
    }

    long waitedNs() {
        return waitedNs;
    }
}
