package io.janklab.kernel.config;

import java.util.Map;

/// Fixes that reached a series of kernels in one of its point releases: an earlier release (`6.6.57`) lacks the rule.
///
/// A kernel named by its version alone has them all, even those that its series ended without. A fix that is not listed was in a series
/// from its first release on, or does not concern what is simulated.
enum DatedFix {
    /// "mm/mremap: fix move_normal_pmd/retract_page_tables race", 6fa1066fc5d0 (6.12), 1552ce9ce8af. Before 6.6 no table was retracted
    /// without mmap_lock.
    MREMAP_PMD_RECHECK(Switch.RULE_MREMAP_PMD_RECHECK, Map.of(KernelVersion.V6_6, 58)),
    /// "mm: userfaultfd: fix race of userfaultfd_move and swap cache", 0ea148a79919 (6.16), 4c443046d8c9. UFFDIO_MOVE came with 6.8.
    MOVE_SWAP_CACHE(Switch.RULE_MOVE_SWAP_CACHE, Map.of(KernelVersion.V6_12, 37, KernelVersion.V6_14, DatedFix.NEVER)),
    /// "mm/vma: fix anon_vma UAF on mremap() faulted, unfaulted merge", 61f67c230a5e (6.19), for what 6.16 had brought.
    MREMAP_MERGE_ANON_VMA(Switch.RULE_MREMAP_MERGE_ANON_VMA, Map.of(KernelVersion.V6_17, DatedFix.NEVER));

    /// The series ended without it.
    private static final int NEVER = Integer.MAX_VALUE;

    private final Switch rule;
    private final Map<KernelVersion, Integer> fixedIn;

    DatedFix(Switch rule, Map<KernelVersion, Integer> fixedIn) {
        this.rule = rule;
        this.fixedIn = fixedIn;
    }

    /// The rule it brought.
    Switch rule() {
        return rule;
    }

    /// Whether the point release of that series has it.
    boolean isIn(KernelVersion series, int point) {
        return point >= fixedIn.getOrDefault(series, 0);
    }
}
