package io.janklab.explore.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Explorer;
import io.janklab.explore.Finding;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A kernel without one of its safety rules must be caught.
class RulesTest {
    private static final long MOST_SCHEDULES = 20_000;
    private static final long MOST_SEARCHED = 2_000;

    /// Which litmus shows what breaks without a rule, under which strategy, and words of what it says.
    record Case(Switch rule, String litmus, String strategy, String breaks) {
        @Override
        public String toString() {
            return rule.key() + " by " + litmus;
        }
    }

    static final List<Case> CASES = List.of(
            new Case(Switch.RULE_EXIT_WAITS_FOR_USERS, "exit-reader", "random", "freed with entries in use"),
            new Case(Switch.RULE_VMA_SEQ_RECHECK, "fault-munmap", "random", "detaching a VMA that has readers"),
            new Case(Switch.RULE_VMA_DETACHED_RECHECK, "fault-munmap", "random", "mapped outside of any VMA"),
            new Case(Switch.RULE_VMA_ADDRESS_RECHECK, "fault-split", "pct:3", "mapped outside of any VMA"),
            new Case(Switch.RULE_VMA_WRITER_DRAINS_READERS, "fault-munmap", "random", "detaching a VMA that has readers"),
            new Case(Switch.RULE_MAP_FIXED_ONE_STORE, "maps-fixed", "random", "a hole"),
            new Case(Switch.RULE_MREMAP_MERGE_ANON_VMA, "mremap-merge", "random", ""),
            new Case(Switch.RULE_DETACH_BEFORE_DOWNGRADE, "fault-munmap", "random", ""),
            new Case(Switch.RULE_FORK_LOCKS_VMAS, "fork-two-writers", "pct:4", "overwritten"),
            new Case(Switch.RULE_COLLAPSE_LOCKS_VMA, "collapse-writer", "pct:3", "overwritten"),
            new Case(Switch.RULE_ANON_VMA_NEEDS_MMAP_LOCK, "anon-vma-neighbour", "pct:3", "anon_vmas exist"),
            new Case(Switch.RULE_ANON_VMA_RECHECK, "first-faults", "random", "not of its VMA's anon_vmas"),
            new Case(Switch.RULE_GUARD_NEEDS_ANON_VMA, "guard-anon-vma-neighbour", "pct:3", "anon_vmas exist"),
            new Case(Switch.RULE_ANON_VMA_LOCK_IN_VMA_EDIT, "rmap-split", "random", "found 0 of 1 mappings"),
            new Case(Switch.RULE_MOVE_UNLOCKS_DESTINATION, "move-two-vmas", "random", "lock order violated"),
            new Case(Switch.RULE_USERFAULT_UNLOCKS, "userfault-mprotect", "random", "deadlock"),
            new Case(Switch.RULE_USERFAULT_MUST_WAIT, "userfault-copy", "pct:3", "deadlock"),
            new Case(Switch.RULE_PMD_RECHECK, "retract-dontneed", "pct:2", ""),
            new Case(Switch.RULE_MREMAP_PMD_RECHECK, "retract-mremap", "pct:3", ""),
            new Case(Switch.RULE_TABLE_RECHECK, "table-reclaim-fault", "pct:3", ""),
            new Case(Switch.RULE_PTE_RECHECK_AFTER_PTL, "first-faults", "random", ""),
            new Case(Switch.RULE_EMPTY_TABLE_RECHECK, "table-reclaim-twice", "pct:3", "is mapped 0 times"),
            new Case(Switch.RULE_FILL_COPIES_AT_ONCE, "fill-dontneed", "random", "copied though it has been freed"),
            new Case(Switch.RULE_TOUCH_UNDER_PTL, "populate-dontneed", "dfs", "allocated twice"),
            new Case(Switch.RULE_PTL_IN_ZAP, "two-dontneeds", "random", "counts 0 entries, has 1"),
            new Case(Switch.RULE_PTL_ORDER, "two-movers", "random", "deadlock"),
            new Case(Switch.RULE_RCU_TABLE_FREE, "folio-walk-table-free", "random", "used after it was freed"),
            new Case(Switch.RULE_RCU_IN_TABLE_LOOKUP, "folio-walk-table-free", "random", "used after it was freed"),
            new Case(Switch.RULE_IRQS_OFF_IN_FOLIO_WALK, "folio-walk-table-free", "random", "used after it was freed"),
            new Case(Switch.RULE_FLUSH_BEFORE_FREE, "stale-tlb-dontneed", "random", "stale TLB entry"),
            new Case(Switch.RULE_NESTED_FLUSH, "two-dontneeds", "random", "overwritten"),
            new Case(Switch.RULE_FLUSH_IN_FORK, "fork-two-writers", "pct:3", "overwritten"),
            new Case(Switch.RULE_FLUSH_IN_COW, "copy-reader", "random", "overwritten"),
            new Case(Switch.RULE_FLUSH_IN_MPROTECT, "fault-mprotect", "random", "still writable"),
            new Case(Switch.RULE_FLUSH_IN_UNMAP, "free-read-reclaim", "pct:3", "stale TLB entry"),
            new Case(Switch.RULE_FLUSH_IN_MOVE, "move-writer", "pct:3", ""),
            new Case(Switch.RULE_FLUSH_IN_COLLAPSE, "collapse-writer", "random", "stale TLB entry"),
            new Case(Switch.RULE_DIRTY_RECHECK_IN_LAZYFREE, "free-rewrite-reclaim", "random", "overwritten"),
            new Case(Switch.RULE_REFCOUNT_FREEZE, "pageout-pin", "pct:3", "freed in use"),
            new Case(Switch.RULE_LRU_LOCK_IN_PUTBACK, "reclaim-mlock", "random", "without lru_lock"),
            new Case(Switch.RULE_FOLIO_LOCK_IN_RMAP, "move-referenced", "pct:3", "went astray"),
            new Case(Switch.RULE_FOLIO_LOCK_IN_MOVE, "move-unmap", "pct:3", "went astray"),
            new Case(Switch.RULE_MOVE_EXCLUSIVE_ONLY, "move-fork", "random", "is shared"),
            new Case(Switch.RULE_MOVE_SWAP_CACHE, "move-pageout", "pct:3", "freed twice"),
            new Case(Switch.RULE_COW_REFCOUNT, "fork-writer", "pct:3", ""),
            new Case(Switch.RULE_COW_HOLDS_FOLIO, "copy-dontneed", "pct:3", "copied though it has been freed"),
            new Case(Switch.RULE_WRITE_PROTECT_IN_FORK, "fork-writer", "random", "is shared"),
            new Case(Switch.RULE_GUARD_INTO_EMPTY_ONLY, "guard-first-fault", "random", "entries, has"),
            new Case(Switch.RULE_ZAP_KEEPS_GUARDS, "guard-dontneed", "random", "guarded=0 is forbidden"));

    static List<Case> cases() {
        return CASES;
    }

    private static KernelProfile without(Switch rule) {
        KernelProfile kernel = KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64).with(rule, "off");
        // The proposal whose rule it is.
        return rule == Switch.RULE_IRQS_OFF_IN_FOLIO_WALK ? kernel.with(Switch.REMOTE_ACCESS_LOCK, "vma-irq-off") : kernel;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aKernelWithoutOneOfItsRulesIsCaught(Case each) {
        ExploreSpec spec = new ExploreSpec(Litmuses.byName(each.litmus()), without(each.rule()), Architecture.X86_64);
        Finding finding = new Explorer(spec).strategy(Strategy.parse(each.strategy())).schedules(MOST_SCHEDULES).explore().finding();
        assertThat(finding).as("nothing broke in %d schedules", MOST_SCHEDULES).isNotNull();
        assertThat(finding.rule()).contains(each.breaks());
    }

    /// What dfs leaves out must be equal to what it runs.
    @ParameterizedTest
    @MethodSource("cases")
    void aSearchThatCallsItselfCompleteHasCaughtIt(Case each) {
        ExploreSpec spec = new ExploreSpec(Litmuses.byName(each.litmus()), without(each.rule()), Architecture.X86_64);
        Verdict verdict = new Explorer(spec).strategy(Strategy.parse("dfs")).schedules(MOST_SEARCHED).explore();
        assertThat(verdict.complete()).as("nothing broke in all %d schedules there are", verdict.schedules()).isFalse();
    }

    @Test
    void everyRuleHasItsLitmus() {
        assertThat(CASES.stream().map(Case::rule)).doesNotHaveDuplicates().containsAll(Switch.rules());
    }
}
