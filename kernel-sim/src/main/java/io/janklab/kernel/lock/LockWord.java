package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Cpu;
import io.janklab.kernel.trace.TracedLock;
import org.jspecify.annotations.Nullable;

/// The word a lock lives in, with its cache line: whichever core changes it must have the line to itself, and cores that want it at the
/// same time get it one after another.
public abstract class LockWord implements TracedLock {
    /// Its number among all locks of the machine.
    final int id;
    /// The core that has the line; null until a core has first asked for it.
    private @Nullable Cpu holder;
    /// When the line arrives at the core that last asked for it (ns).
    private long arrivesAt;

    LockWord(Locking locking) {
        this.id = locking.newLockId();
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

    /// Unique among the locks of a machine.
    protected final int lockId() {
        return id;
    }
}
