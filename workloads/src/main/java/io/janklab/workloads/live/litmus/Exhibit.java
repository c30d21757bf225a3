package io.janklab.workloads.live.litmus;

import io.janklab.kernel.config.Switch;
import java.util.List;

/// A rule and a litmus that shows what it is good for, on a kernel without it.
///
/// @param strategy which finds a schedule soon
public record Exhibit(Switch rule, String litmus, String strategy) {
    private static final String RANDOM = "random";
    private static final String PCT = "pct:3";
    /// Which kernel has all the rules.
    public static final String KERNEL = "7.2";
    public static final String ARCHITECTURE = "x86-64";

    /// The students' way through the rules: the VMA lock, its anon_vma, page tables, TLBs, pages.
    public static final List<Exhibit> ALL = List.of(
            new Exhibit(Switch.RULE_VMA_SEQ_RECHECK, "fault-munmap", RANDOM),
            new Exhibit(Switch.RULE_VMA_DETACHED_RECHECK, "fault-munmap", RANDOM),
            new Exhibit(Switch.RULE_VMA_ADDRESS_RECHECK, "fault-split", PCT),
            new Exhibit(Switch.RULE_VMA_WRITER_DRAINS_READERS, "fault-munmap", RANDOM),
            new Exhibit(Switch.RULE_DETACH_BEFORE_DOWNGRADE, "fault-munmap", RANDOM),
            new Exhibit(Switch.RULE_COLLAPSE_LOCKS_VMA, "collapse-writer", PCT),
            new Exhibit(Switch.RULE_ANON_VMA_NEEDS_MMAP_LOCK, "anon-vma-neighbour", PCT),
            new Exhibit(Switch.RULE_ANON_VMA_RECHECK, "first-faults", RANDOM),
            new Exhibit(Switch.RULE_ANON_VMA_LOCK_IN_VMA_EDIT, "rmap-split", RANDOM),
            new Exhibit(Switch.RULE_MOVE_UNLOCKS_DESTINATION, "move-two-vmas", RANDOM),
            new Exhibit(Switch.RULE_USERFAULT_UNLOCKS, "userfault-mprotect", RANDOM),
            new Exhibit(Switch.RULE_PTE_RECHECK_AFTER_PTL, "first-faults", RANDOM),
            new Exhibit(Switch.RULE_PTL_IN_ZAP, "two-dontneeds", RANDOM),
            new Exhibit(Switch.RULE_PTL_ORDER, "two-movers", RANDOM),
            new Exhibit(Switch.RULE_RCU_TABLE_FREE, "folio-walk-table-free", RANDOM),
            new Exhibit(Switch.RULE_FLUSH_BEFORE_FREE, "stale-tlb-dontneed", RANDOM),
            new Exhibit(Switch.RULE_NESTED_FLUSH, "two-dontneeds", RANDOM),
            new Exhibit(Switch.RULE_FLUSH_IN_COW, "copy-reader", RANDOM),
            new Exhibit(Switch.RULE_FLUSH_IN_MPROTECT, "fault-mprotect", RANDOM),
            new Exhibit(Switch.RULE_DIRTY_RECHECK_IN_LAZYFREE, "free-rewrite-reclaim", RANDOM),
            new Exhibit(Switch.RULE_WRITE_PROTECT_IN_FORK, "fork-writer", RANDOM),
            new Exhibit(Switch.RULE_MOVE_EXCLUSIVE_ONLY, "move-fork", RANDOM),
            new Exhibit(Switch.RULE_GUARD_INTO_EMPTY_ONLY, "guard-first-fault", RANDOM),
            new Exhibit(Switch.RULE_ZAP_KEEPS_GUARDS, "guard-dontneed", RANDOM));
}
