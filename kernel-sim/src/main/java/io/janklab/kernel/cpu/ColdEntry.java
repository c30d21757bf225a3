package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The extra cost of entering the kernel: after a while in user mode its code and data have left the caches, after an interrupt its branch
/// predictions are gone too. Each call and the page fault find their own part of the kernel cold, once.
final class ColdEntry {
    private static final long CACHES_COLD_NS = 20_000;

    private final long coldNs;
    private final long colderNs;
    /// Entered since, in no order.
    private final List<String> warm = new ArrayList<>(8);
    private long leftKernelAt;
    private long entryNs;

    private ColdEntry(long coldNs, long colderNs) {
        this.coldNs = coldNs;
        this.colderNs = colderNs;
    }

    /// Null if that costs nothing.
    static @Nullable ColdEntry of(CostModel costs) {
        long coldNs = costs.ns(Cost.KERNEL_COLD);
        long colderNs = costs.ns(Cost.KERNEL_COLDER);
        return coldNs == 0 && colderNs == 0 ? null : new ColdEntry(coldNs, colderNs);
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
            entryNs = interrupted ? coldNs + colderNs : coldNs;
        }
        if (warm.contains(by)) {
            return 0;
        }
        warm.add(by);
        return entryNs;
    }
}
