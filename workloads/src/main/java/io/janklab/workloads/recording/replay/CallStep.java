package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// What calls of mm may do, each with the costs that a fit scales together.
enum CallStep {
    MADVISE(what -> what.startsWith("madvise") || what.equals("prctl"), Cost.MADVISE),
    MPROTECT(what -> what.endsWith("mprotect"), Cost.MPROTECT),
    MMAP(what -> what.equals("mmap") || what.equals("brk"), Cost.MMAP),
    MREMAP(what -> what.equals("mremap"), Cost.MREMAP),
    MUNMAP(what -> true, Cost.MUNMAP),
    FREE_TABLE(what -> true, Cost.PAGE_TABLE_FREE),
    SPLIT(what -> true, Cost.VMA_SPLIT),
    MERGE(what -> true, Cost.VMA_MERGE),
    ZAP(what -> true, Cost.ZAP_PTE, Cost.PAGE_FREE),
    FREE(what -> what.startsWith("madvise"), Cost.FREE_PTE, Cost.LRU_MOVE),
    PROTECT(what -> what.endsWith("mprotect"), Cost.PROTECT_PTE),
    FLUSH_PAGE(what -> true, Cost.TLBI),
    FLUSH_ALL(what -> true, Cost.TLBI_ALL),
    /// It enters the kernel after a while in user mode.
    ENTER_COLD(what -> true, Cost.KERNEL_COLD),
    /// Another core of the process has to flush too. Only where a recording shows that it did.
    INTERRUPT(what -> true);

    private static final long USUAL_NS = 1_000;

    private final Predicate<String> calls;
    private final Set<Cost> costs;

    CallStep(Predicate<String> calls, Cost... costs) {
        this.calls = calls;
        this.costs = EnumSet.noneOf(Cost.class);
        this.costs.addAll(List.of(costs));
    }

    Set<Cost> costs() {
        return costs;
    }

    /// Costs at which it takes longer by its [#unitNs].
    CostModel longer(CostModel model) {
        CostModel longer = model;
        for (Cost cost : costs) {
            longer = longer.with(cost, model.ns(cost) + (this == ENTER_COLD ? USUAL_NS : model.ns(cost)));
        }
        return longer;
    }

    /// What it takes once at those costs, or a usual time if that is nothing (ns).
    double unitNs(CostModel model) {
        return this == ENTER_COLD || this == INTERRUPT ? USUAL_NS : Math.max(1, costs.stream().mapToLong(model::ns).sum());
    }

    /// Whether calls of that kind may do it.
    boolean isOf(String what) {
        return calls.test(what);
    }

    /// Those that no call does two of can be told apart in one replay.
    static List<List<CallStep>> runs() {
        return List.of(List.of(MADVISE, MPROTECT, MMAP, MREMAP), List.of(MUNMAP), List.of(FREE_TABLE), List.of(SPLIT), List.of(MERGE),
                List.of(ZAP), List.of(FREE, PROTECT), List.of(FLUSH_PAGE), List.of(FLUSH_ALL),
                List.of(ENTER_COLD));
    }
}
