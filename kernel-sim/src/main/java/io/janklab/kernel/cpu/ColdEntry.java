package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.sim.RandomStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The extra cost of entering the kernel: after a while in user mode its code and data have left the caches, after an interrupt its branch
/// predictions are gone too. Each call and the page fault find their own part of the kernel cold, once.
final class ColdEntry {
    private static final long CACHES_COLD_NS = 20_000;

    private final CostModel costs;
    private final RandomStream random;
    /// Entered since, in no order.
    private final List<String> warm = new ArrayList<>(8);
    private long leftKernelAt;
    private long afterInterruptNs;

    private ColdEntry(CostModel costs, RandomStream random) {
        this.costs = costs;
        this.random = random;
    }

    /// Null if that costs nothing.
    ///
    /// @param random for [Cost#KERNEL_COLD] where that is a spread: how much has left the caches differs from one time to the next
    static @Nullable ColdEntry of(CostModel costs, RandomStream random) {
        return costs.isFree(Cost.KERNEL_COLD) && costs.isFree(Cost.KERNEL_COLDER) ? null : new ColdEntry(costs, random);
    }

    void leftKernel(long now) {
        leftKernelAt = now;
    }

    /// @param by the call, or the page fault
    /// @param interruptedAt when the core was last interrupted
    long ns(String by, long now, long interruptedAt) {
        boolean interrupted = interruptedAt > leftKernelAt;
        if (interrupted || now - leftKernelAt > CACHES_COLD_NS) {
            warm.clear();
            afterInterruptNs = interrupted ? costs.ns(Cost.KERNEL_COLDER) : 0;
        }
        if (warm.contains(by)) {
            return 0;
        }
        warm.add(by);
        return costs.draw(Cost.KERNEL_COLD, random) + afterInterruptNs;
    }
}
