package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes runs on this host, one per core at a time, and no more at a time than its heap has room for.
///
/// @param cores how many at once
/// @param longestNs how long (ns) each may take; 0 for as long as it likes
public record LocalEngine(int cores, long longestNs) implements Engine {
    /// The memory allotted to a run (bytes). An hour of `scroll` stays below; see FLEET.md.
    public static final long RUN_BYTES = 256L << 20;

    private static final String WORKER = "local";
    private static final int MIB = 1 << 20;

    /// As many at once as there are cores, and room in the heap.
    ///
    /// @param cores null for one for each core of this host
    /// @throws BadInput if the heap has no room for that many
    public static LocalEngine of(@Nullable Integer cores, long longestNs) {
        int room = Math.clamp(Runtime.getRuntime().maxMemory() / RUN_BYTES, 1, Integer.MAX_VALUE);
        if (cores != null && cores > room) {
            throw new BadInput("--cores " + cores + " is more than the heap of " + Runtime.getRuntime().maxMemory() / MIB
                    + " MiB has room for, at " + RUN_BYTES / MIB + " MiB a run: take " + room + ", or start java with a larger -Xmx.");
        }
        return new LocalEngine(cores != null ? cores : Math.min(room, Runtime.getRuntime().availableProcessors()), longestNs);
    }

    @Override
    public String toString() {
        return cores + " at once, within a heap of " + Runtime.getRuntime().maxMemory() / MIB + " MiB (" + RUN_BYTES / MIB
                + " MiB for each).";
    }

    @Override
    public void execute(SweepPlan plan, List<RunKey> runs, Listener listener) {
        SweepRun run = new SweepRun(plan, longestNs);
        Told told = new Told(listener);
        new OnEveryCore(cores).map(runs, key -> {
            told.began();
            told.ended(run.make(key));
            return null;
        });
    }

    /// Passes on the cores' reports, one call at a time.
    private static final class Told {
        private final Listener listener;
        private int running;

        Told(Listener listener) {
            this.listener = listener;
        }

        synchronized void began() {
            listener.running(++running);
        }

        synchronized void ended(JournalEntry entry) {
            listener.running(--running);
            listener.ended(entry, WORKER);
        }
    }
}
