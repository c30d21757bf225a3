package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Cpu;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TracedLock;
import org.jspecify.annotations.Nullable;

/// The word a lock lives in, with its cache line: whichever core changes it must have the line to itself, and cores that want it at the
/// same time get it one after another.
public abstract class LockWord implements TracedLock {
    private static final int NO_CPU = -1;

    /// Its number among all locks of the machine.
    final int id;
    /// The core that has the line; null until a core has first asked for it.
    private @Nullable Cpu holder;
    private int lastCpu = NO_CPU;
    private String lastSite = "";
    private boolean gotByTrying;
    /// When the line arrives at the core that last asked for it (ns).
    private long arrivesAt;

    LockWord(int id) {
        this.id = id;
    }

    final boolean isElsewhere(Cpu cpu) {
        return holder != cpu;
    }

    /// Sends the line to `cpu`, which asks at time `now` (ns), after the cores that asked before.
    ///
    /// @return when it arrives (ns)
    final long fetch(Cpu cpu, long now, long transferNs) {
        arrivesAt = holder == null ? now : Math.max(now, arrivesAt) + transferNs;
        holder = cpu;
        return arrivesAt;
    }

    /// `task` has acquired it, and lockdep remembers where.
    final void acquiredBy(Task task) {
        lastCpu = task.cpu().id();
        lastSite = task.callSite();
    }

    /// How its next or present owner gets it.
    final void got(boolean byTrying) {
        gotByTrying = byTrying;
    }

    @Override
    public boolean isGotByTrying() {
        return gotByTrying;
    }

    /// It is another lock from now on (`lockdep_init_map`).
    final void neverAcquired() {
        lastCpu = NO_CPU;
        lastSite = "";
    }

    @Override
    public int lastCpu() {
        return lastCpu;
    }

    @Override
    public String lastSite() {
        return lastSite;
    }

    /// Unique among the locks of a machine.
    protected final int lockId() {
        return id;
    }
}
