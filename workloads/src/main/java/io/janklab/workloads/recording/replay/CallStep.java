package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What calls of mm may do, each with the costs that a fit scales together.
enum CallStep {
    SYSCALL(Cost.SYSCALL),
    MADVISE(Cost.MADVISE),
    MPROTECT(Cost.MPROTECT),
    MMAP(Cost.MMAP),
    BRK(Cost.BRK),
    MREMAP(Cost.MREMAP),
    MUNMAP(Cost.MUNMAP),
    NEW(Cost.VMA_NEW),
    EXPAND(Cost.VMA_EXPAND),
    SPLIT(Cost.VMA_SPLIT),
    MERGE(Cost.VMA_MERGE),
    /// Pages are looked at, and left as they are.
    LOOK(Cost.SCAN_PTE, Cost.LOOK_PTE),
    SKIP(Cost.ZAP_SKIP),
    ZAP(Cost.ZAP_PTE, Cost.PAGE_FREE),
    FREE_TABLE(Cost.PAGE_TABLE_FREE),
    FREE(Cost.FREE_PTE, Cost.LRU_MOVE),
    PROTECT(Cost.PROTECT_PTE),
    MOVE(Cost.MOVE_PTE, Cost.MOVE_TABLE),
    /// A call makes pages present, as faults do.
    FAULT(Cost.FAULT_WALK, Cost.PAGE_ALLOC, Cost.PAGE_ZERO, Cost.PTE_SET),
    TABLE(Cost.PAGE_TABLE_ALLOC),
    FORK(Cost.FORK),
    COPY_VMA(Cost.FORK_VMA),
    COPY(Cost.FORK_PTE),
    /// What the end of a thread takes besides its memory.
    EXIT,
    FLUSH(Cost.TLB_FLUSH),
    FLUSH_PAGE(Cost.TLBI),
    FLUSH_ALL(Cost.TLBI_ALL),
    /// It enters the kernel after a while in user mode.
    ENTER_COLD(Cost.KERNEL_COLD),
    /// Another core of the process has to flush too. Only where a recording shows that it did.
    INTERRUPT;

    /// What a step takes that costs nothing before the fit.
    private static final long USUAL_NS = 1_000;
    private static final long USUAL_EXIT_NS = 50_000;
    private static final Set<Cost> ALL = EnumSet.noneOf(Cost.class);

    static {
        for (CallStep step : values()) {
            ALL.addAll(step.costs);
        }
    }

    private final Set<Cost> costs;

    CallStep(Cost... costs) {
        this.costs = EnumSet.noneOf(Cost.class);
        this.costs.addAll(List.of(costs));
    }

    Set<Cost> costs() {
        return costs;
    }

    static boolean isOfAny(Cost cost) {
        return ALL.contains(cost);
    }

    /// What one of its costs is before the fit (ns).
    double priceNs(Cost cost, CostModel model) {
        return this == ENTER_COLD || model.ns(cost) == 0 ? USUAL_NS : model.ns(cost);
    }

    /// What it takes once, before the fit (ns).
    double unitNs(CostModel model) {
        return this == EXIT ? USUAL_EXIT_NS : costs.isEmpty() ? USUAL_NS : costs.stream().mapToDouble(cost -> priceNs(cost, model)).sum();
    }
}
