package io.janklab.kernel.config;

import java.util.Map;

/// Fixes that reached a series of kernels in one of its point releases: an earlier release (`6.6.57`) lacks the rule.
///
/// A kernel named by its version alone has them all, even those that its series ended without. A fix that is not listed was in a series
/// from its first release on, or does not concern what is simulated.
enum DatedFix {
    /// "mm: always expand the stack with the mmap write lock held", 8d7071af8907 (6.5; CVE-2023-3269), in 6.1.37, 6.3.11 and 6.4.1
    /// according to its finder (lrh2000/StackRot, README: "Fix").
    STACK_GROWS_UNDER_WRITE_LOCK(Switch.RULE_STACK_GROWS_UNDER_WRITE_LOCK, Map.of("6.1", 37)),
    /// "mm/mremap: fix move_normal_pmd/retract_page_tables race", 6fa1066fc5d0 (6.12), 1552ce9ce8af. Before 6.6 no table was retracted
    /// without mmap_lock.
    MREMAP_PMD_RECHECK(Switch.RULE_MREMAP_PMD_RECHECK, Map.of("6.6", 58)),
    /// "mm: userfaultfd: fix race of userfaultfd_move and swap cache", 0ea148a79919 (6.16), 4c443046d8c9. UFFDIO_MOVE came with 6.8.
    MOVE_SWAP_CACHE(Switch.RULE_MOVE_SWAP_CACHE, Map.of("6.12", 37, "6.14", DatedFix.NEVER)),
    /// "mm: fix a UAF when vma->mm is freed after vma->vm_refcnt got dropped", 9bbffee67ffd (6.17; CVE-2025-38554: osv.dev has
    /// 6.15 to 6.15.9 and 6.16.0 as affected), for what 6.15 had brought.
    VMA_READER_PINS_MM(Switch.RULE_VMA_READER_PINS_MM, Map.of("6.16", 1)),
    /// "mm/vma: fix anon_vma UAF on mremap() faulted, unfaulted merge", 61f67c230a5e (6.19; CVE-2026-23077: osv.dev has 6.16 to 6.18.7 as
    /// affected), for what 6.16 had brought.
    MREMAP_MERGE_ANON_VMA(Switch.RULE_MREMAP_MERGE_ANON_VMA, Map.of("6.16", DatedFix.NEVER, "6.17", DatedFix.NEVER, "6.18", 8));

    /// The series ended without it.
    private static final int NEVER = Integer.MAX_VALUE;

    private final Switch rule;
    /// The point release, by the series' label.
    private final Map<String, Integer> fixedIn;

    DatedFix(Switch rule, Map<String, Integer> fixedIn) {
        this.rule = rule;
        this.fixedIn = fixedIn;
    }

    /// The rule it brought.
    Switch rule() {
        return rule;
    }

    /// Whether the point release of that series has it.
    boolean isIn(String series, int point) {
        return point >= fixedIn.getOrDefault(series, 0);
    }
}
