package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.Cpu;
import io.janklab.kernel.trace.TracedLock;

/// The word a lock lives in, with its cache line: whichever core changes it must have the line to itself, and cores that want it at
/// once get it one after another.
public abstract class LockWord implements TracedLock {
    /// Its number among all locks of the machine.
    final int id;
    /// The core that has the line; null while it lies where it was made.
    private Cpu holder;
    /// When the line has arrived where it was last asked for (ns).
    private long arrivesAt;

    LockWord(Locking locking) {
        this.id = locking.newLockId();
    }

    final boolean isElsewhere(Cpu cpu) {
        return holder != cpu;
    }

    /// Sends the line to `cpu`, which asks at time `now` (ns), after it has been where others want it.
    ///
    /// @return when it arrives (ns)
    final long fetch(Cpu cpu, long now, long transferNs) {
        arrivesAt = holder == null ? now : Math.max(now, arrivesAt) + transferNs;
        holder = cpu;
        return arrivesAt;
    }
}
