package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.sweep.Engine;
import io.janklab.workloads.sweep.JournalEntry;

/// Shows on a terminal how many runs of a sweep have ended, are under way and have failed, and how long the rest will take.
final class SweepProgress implements Engine.Listener, AutoCloseable {
    private final ProgressLine line;
    private final Engine.Listener meters;
    private int running;
    private int failed;

    /// @param meters are updated too
    SweepProgress(long runs, boolean silent, Engine.Listener meters) {
        this.meters = meters;
        line = new ProgressLine("runs", runs, silent);
    }

    @Override
    public void running(int runs) {
        running = runs;
        show();
    }

    @Override
    public void ended(JournalEntry entry, String worker) {
        meters.ended(entry, worker);
        failed += entry.hasFailed() ? 1 : 0;
        line.step();
        show();
    }

    private void show() {
        line.remark(running + " running" + (failed == 0 ? "" : ", " + failed + " failed"));
    }

    @Override
    public void close() {
        line.close();
    }
}
