package io.janklab.kernel.cpu;

import io.janklab.kernel.config.CostModel;
import io.janklab.sim.RandomStream;
import org.jspecify.annotations.Nullable;

/// Whether a task is in user mode or in the kernel, and what it pays for entering.
final class KernelEntry {
    /// Null if every entry costs the same.
    private final @Nullable ColdEntry cold;
    private boolean inKernel;
    private @Nullable String systemCall;
    private long coldNs;

    KernelEntry(CostModel costs, RandomStream coldEntries) {
        this.cold = ColdEntry.of(costs, coldEntries);
    }

    boolean isInKernel() {
        return inKernel;
    }

    /// Null outside of system calls.
    @Nullable String systemCall() {
        return systemCall;
    }

    void inSystemCall(@Nullable String call) {
        systemCall = call;
    }

    /// @param by the call, or the page fault
    /// @param interruptedAt when the core was last interrupted while it was busy (ns)
    /// @return the cost of what has gone cold since the last time (ns)
    long enter(String by, long now, long interruptedAt) {
        inKernel = true;
        if (cold == null) {
            return 0;
        }
        long ns = cold.ns(by, now, interruptedAt);
        coldNs += ns;
        return ns;
    }

    /// What [#enter] has returned so far, together (ns).
    long coldNs() {
        return coldNs;
    }

    void leave() {
        inKernel = false;
    }

    /// From now on user mode fills the caches and predictors.
    void left(long now) {
        if (cold != null) {
            cold.leftKernel(now);
        }
    }
}
