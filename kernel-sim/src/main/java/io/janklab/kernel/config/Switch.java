package io.janklab.kernel.config;

import static io.janklab.kernel.config.SwitchValue.*;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One decision of a kernel that a profile makes and a user may flip by name.
///
/// Choices are listed from the oldest behaviour to the newest.
public enum Switch {
    FAULT_VMA_LOCK("fault.vma-lock", "which page faults try the per-VMA lock", OFF, ANON, ALL),
    FAULT_RETRY("fault.retry",
            "lock of a page fault's second attempt, after it waited for I/O (vma: an unmerged patch); or the VMA lock held over the "
                    + "I/O, in one attempt", MMAP, VMA, HOLD),
    FAULT_FILE_VMA_LOCK("fault.file.vma-lock",
            "what a file fault may do under the per-VMA lock: map pages that are in memory, or everything", MAP_PAGES, ALL),
    FAULT_EXEC_READAHEAD("fault.exec-readahead",
            "what a fault on a missing page of executable memory reads: around it, as elsewhere; or from it on, no further than the "
                    + "mapping (6.17)", AROUND, ONWARDS),
    FAULT_ANON_VMA("fault.anon-vma", "first write fault in a VMA without anon_vma: retry under mmap_lock, or attach it under a trylock",
            RETRY, TRYLOCK),
    FAULT_BAD_ACCESS("fault.bad-access",
            "a user's fault without the right to its page, found under the VMA lock: looked at once more under mmap_lock; or refused "
                    + "there (6.10)", MMAP, VMA),
    VMA_LOCK_FORM("vma-lock.form", "the per-VMA lock: none; an rw_semaphore, whose writers spin before they sleep; or a reference count",
            NONE, RWSEM, REFCOUNT),
    MADVISE_DONTNEED_LOCK("madvise.dontneed.lock", "lock of MADV_DONTNEED", MMAP, VMA),
    MADVISE_FREE_LOCK("madvise.free.lock", "lock of MADV_FREE", MMAP, VMA),
    UFFD_LOCK("uffd.lock",
            "lock of UFFDIO_COPY, ZEROPAGE and MOVE (mmap-trylock: Android's kernels 5.10 and 5.15, where the first two may give up "
                    + "instead of wait)", MMAP, MMAP_TRYLOCK, VMA),
    UFFD_WRITEPROTECT("uffd.writeprotect",
            "whether the range of UFFDIO_WRITEPROTECT must lie in one mapping, or else is ENOENT, or may have several (6.4)", ONE_MAPPING,
            SEVERAL),
    UFFD_POISON("uffd.poison", "whether there is UFFDIO_POISON (6.6)", OFF, ON),
    UFFD_SHMEM("uffd.shmem",
            "what of shared anonymous memory goes to a userfaultfd: missing pages; pages, too, that are there but not mapped (5.14); and "
                    + "writes (5.19)", MISSING, MINOR, WP),
    UFFD_MOVE_RMAP("uffd.move.rmap",
            "what keeps reclaim's reverse-map walks off a page that UFFDIO_MOVE moves: the anon_vma's lock; the folio's, which "
                    + "every walk takes (6.19); or the folio's where a mark on the anon_vma says that pages were moved from it (a "
                    + "proposal, never merged)", ANON_VMA, FOLIO, MARKED),
    MADVISE_GUARD_LOCK("madvise.guard.lock", "lock of MADV_GUARD_INSTALL and _REMOVE; none: the kernel does not know them",
            NONE, MMAP, VMA),
    MADVISE_KNOWN("madvise.known",
            "the newest advice there is, guard regions aside: what is younger, POPULATE_READ and _WRITE (5.14), DONTNEED_LOCKED (5.18), "
                    + "COLLAPSE (6.1), is EINVAL; process_madvise takes WILLNEED since 5.15", PAGEOUT, POPULATE_WRITE, DONTNEED_LOCKED,
            COLLAPSE),
    MADVISE_GATHER("madvise.gather",
            "what MADV_DONTNEED and MADV_FREE flush and free together: the pages of one mapping; or of all that one call has (6.16)",
            ONE_MAPPING, SEVERAL),
    MADVISE_POPULATE_HOLES("madvise.populate-holes",
            "MADV_POPULATE_READ and _WRITE at a hole: go on behind it, ENOMEM in the end; or stop there (6.10)", SKIP, STOP),
    MADVISE_PAGEOUT_USE("madvise.pageout.use",
            "MADV_PAGEOUT and what is in use: forgets earlier accesses, and keeps what is used again meanwhile; or ignores them (6.9)",
            FORGET, IGNORE),
    PROCESS_MADVISE("process-madvise",
            "what process_madvise does for the caller itself: hints alone; any advice, range by range; all ranges under one lock",
            HINTS, RANGES, VECTOR),
    FORK_VMA_LOCK("fork.vma-lock", "whether SIGKILL ends fork's wait for the readers of a VMA", UNINTERRUPTIBLE, KILLABLE),
    PROC_MAPS_LOCK("proc-maps.lock", "lock of readers of /proc/PID/maps", MMAP, VMA),
    PROC_SMAPS_LOCK("proc-smaps.lock", "lock of readers of /proc/PID/smaps", MMAP, VMA),
    PROC_NUMA_MAPS_LOCK("proc-numa-maps.lock", "lock of readers of /proc/PID/numa_maps", MMAP, VMA),
    MAP_DROPPABLE("map.droppable",
            "MAP_DROPPABLE: unknown; known (6.11); or, as new, not to be registered with a userfaultfd (6.17)", OFF, ON, NEW),
    MSEAL("mseal", "whether mseal(2) exists", OFF, ON),
    VMA_MERGE_UNFAULTED("vma.merge-unfaulted", "merge a faulted VMA with an unfaulted neighbour by mprotect: as before 6.17, or as since",
            OLD, NEW),
    REMOTE_ACCESS_LOCK("remote-access.lock", "lock under which another process's memory is read (vma-…: proposals, never merged)",
            MMAP, VMA_IRQ_OFF, VMA_RCU),
    BINDER_INSTALL_LOCK("binder.install.lock",
            "lock under which whoever sends a Binder transaction installs missing pages of the receiver's buffer: its mmap_lock for "
                    + "writing, over all of them; page by page (6.8); or the VMA's (6.14)", MMAP_RANGE, MMAP_PAGE, VMA),
    MREMAP("mremap",
            "mremap to an address: its target is unmapped first; or the source is checked first, and may be several mappings",
            ONE_MAPPING, SEVERAL),
    MREMAP_DONTUNMAP("mremap.dontunmap", "which mappings MREMAP_DONTUNMAP takes: private anonymous ones, or any (5.13)", ANON, ALL),
    MREMAP_PTL_ORDER("mremap.ptl-order",
            "which of two page tables mremap locks first: the old one, or, a what-if, the lower one, as UFFDIO_MOVE does, so that the two "
                    + "never wait for each other", OLD_FIRST, LOWER_FIRST),
    MPROTECT_UNACCOUNT("mprotect.unaccount", "mprotect to read-only takes a never-written VMA's commit charge back", OFF, ON),
    THP("thp", "transparent huge pages: never, where MADV_HUGEPAGE asked for them, or always", NEVER, MADVISE, ALWAYS),
    THP_ZERO_WRITE("thp.zero-write", "a write to the huge zero page: splits it, or puts a huge page in its place (6.13)", SPLIT, HUGE),
    MADVISE_HUGE_PART("madvise.huge-part",
            "how MADV_FREE, COLD and PAGEOUT of part of a huge page tell that other processes map it, and leave it alone: by the map count "
                    + "of the page they are at, or of its first; by an estimate (6.9), or exactly (6.15); and since 6.10 they split "
                    + "only what does not lie in their range whole", PAGE, FIRST_PAGE, ESTIMATE, EXACT),
    THP_SPLIT_ZEROS("thp.split-zeros",
            "whether pages of a huge page that hold zeroes become the zero page when it is split (6.12), where contents are kept", OFF, ON),
    COLLAPSE_READ_ONLY("collapse.read-only",
            "whether MADV_COLLAPSE and khugepaged make a huge page of pages none of which may be written to as they are mapped: in "
                    + "read-only memory, or all of them shared after fork (6.18)", OFF, ON),
    COLLAPSE_FILE_LOCK("collapse.file.lock",
            "what MADV_COLLAPSE of a file holds to remove page tables and map a huge page: the caller's mmap_lock for writing, at once if "
                    + "that is free, its table freed after an IPI round; or page-table locks, of all who map it, and mmap_lock for "
                    + "reading, to map it (6.6)", MMAP_TRYLOCK, PAGE_TABLE),
    LAZYFREE_REFERENCED("lazyfree.referenced",
            "a page freed by MADV_FREE of which reclaim finds another reference: needs swap again, or stays lazyfree (6.15)",
            SWAP_BACKED, LAZYFREE),
    GUARD_FILES("madvise.guard.files", "guard regions in files' mappings: refused; with an anon_vma attached (6.15); as they are (6.19)",
            REFUSED, ANON_VMA, AS_THEY_ARE),
    HUGETLB("hugetlb",
            "memory of MAP_HUGETLB: neither mremap nor MADV_DONTNEED; both (5.16, 5.18); or faults under the VMA lock, too, and what is "
                    + "discarded of private memory reserved again (6.9)",
            REFUSED, MOVED, RESTORED),
    PT_RECLAIM("pt-reclaim",
            "MADV_DONTNEED frees page tables it emptied; scan, a what-if: and kswapd those that it emptied after MADV_FREE",
            OFF, ON, SCAN),
    MMU_GATHER_TABLES("mmu-gather.tables",
            "how unlinked page tables are freed: after the TLB flush, as pages are (CONFIG_MMU_GATHER_RCU_TABLE_FREE=n); by RCU, but "
                    + "one that finds no memory for its batch by an IPI round; or all by RCU (6.14)",
            FLUSH, SEMI_RCU, RCU),
    X86_CPUMASK("x86.mm-cpumask",
            "cores that a TLB flush interrupts because page tables are freed: those that have the address space loaded; or all that have "
                    + "run it and not been told since (lazy, 6.14)", EXACT, LAZY),
    LRU_DRAIN_IN_FREE("lru.drain-in-free",
            "unmapping first drains the core's LRU batches, so that fresh pages are freed with the others, not with a later batch",
            ON, OFF),
    LRU_DRAIN_IN_UNMAP("lru.drain-in-unmap",
            "munmap, MADV_DONTNEED and exit begin by draining the core's LRU batches (until 6.14)", ON, OFF),
    ZERO_PAGE("zero-page",
            "whether reading untouched anonymous memory maps the shared zero page, or a page of its own (as under s390's storage "
                    + "keys)", ON, OFF),
    EXECUTE_ONLY("execute-only", "execute-only memory: readable nevertheless, or not (pkey: x86 with protection keys)",
            READABLE, PKEY),
    KSM("ksm", "whether MADV_MERGEABLE is known (CONFIG_KSM); ksmd itself never runs", OFF, ON),
    ANON_VMA_NAME("anon-vma-name",
            "whether anonymous memory can be given a name (CONFIG_ANON_VMA_NAME): none, private memory alone, or shared memory too (6.2)",
            OFF, PRIVATE, ON),
    MEMORY_FAILURE("memory-failure", "whether MADV_HWPOISON and MADV_SOFT_OFFLINE are known (CONFIG_MEMORY_FAILURE)", OFF, ON),
    PREEMPT("preempt",
            "where a task in the kernel yields to a more urgent one: at cond_resched() and on its way back to user mode, or anywhere",
            NONE, FULL),
    RWSEM_POLICY("rwsem.policy",
            "the order in which waiters queue for mmap_lock, and which are helped; but for linux (since 5.11) and reader-spin (before, or "
                    + "by a vendor's hook, as writer-boost is) a what-if; or your own policy, +MyPolicy.java",
            LINUX, READER_SPIN, WRITER_BOOST, INHERIT, PHASE_FAIR, BOUNDED_BYPASS, PROXY, DOWNGRADE_ON_FAULT, RETRY_UNDER_VMA_LOCK,
            SPECULATIVE),
    ORACLE("oracle", "a bound, not a kernel: every lock is granted at once, costs unchanged", OFF, UNCONTENDED),

    // Safety rules, which can be taken out of a kernel to see what breaks; one flag each, where the rule is applied.
    RULE_EXIT_WAITS_FOR_USERS("rule.exit-waits-for-users",
            "an address space is torn down only when no task works on it any more (mm_users)"),
    RULE_VMA_SEQ_RECHECK("rule.vma-seq-recheck", "a VMA's reader sees that a writer has marked it"),
    RULE_SPECULATION_RECHECK("rule.speculation-recheck",
            "a fault that holds no lock sees that mmap_lock has been write-locked since it began (rwsem.policy=speculative)"),
    RULE_VMA_DETACHED_RECHECK("rule.vma-detached-recheck", "a VMA's reader sees that it has left the tree since the lookup"),
    RULE_VMA_ADDRESS_RECHECK("rule.vma-address-recheck", "a VMA's reader sees that it no longer reaches to the address"),
    RULE_VMA_MM_RECHECK("rule.vma-mm-recheck",
            "a VMA's reader sees that the VMA has been freed and belongs to another address space now (6.15)"),
    RULE_VMA_READER_PINS_MM("rule.vma-reader-pins-mm",
            "a reader that backs out of another address space's VMA keeps that address space from being freed (9bbffee67ffd, "
                    + "CVE-2025-38554)"),
    RULE_VMA_DETACH_DRAINS_READERS("rule.vma-detach-drains-readers",
            "a VMA is freed only when readers that were counted before they checked it have backed out (6.15)"),
    RULE_VMA_WRITER_DRAINS_READERS("rule.vma-writer-drains-readers", "a VMA's writer waits for its readers"),
    RULE_MAP_FIXED_ONE_STORE("rule.map-fixed-one-store",
            "MAP_FIXED exchanges old mappings for the new one in one step (f8d112a4e657, 6.12)"),
    RULE_MREMAP_MERGE_ANON_VMA("rule.mremap-merge-anon-vma",
            "an unfaulted VMA that takes in what mremap moves gets its anon_vma (61f67c230a5e, CVE-2026-23077)"),
    RULE_STACK_GROWS_UNDER_WRITE_LOCK("rule.stack-grows-under-write-lock",
            "a stack grows under mmap_lock for writing, so that no task walks the tree meanwhile (8d7071af8907, CVE-2023-3269)"),
    RULE_REMOVE_HOLDS_FILE("rule.remove-holds-file",
            "MADV_REMOVE holds a reference to the file while it has released mmap_lock"),
    RULE_WALK_OPS_ON_STACK("rule.walk-ops-on-stack",
            "a walk of MADV_FREE, which may rely on either lock, is told which by its caller, not by a shared variable (6.17)"),
    RULE_DETACH_BEFORE_DOWNGRADE("rule.detach-before-downgrade", "munmap detaches VMAs before it downgrades mmap_lock"),
    RULE_FORK_LOCKS_VMAS("rule.fork-locks-vmas", "fork write-locks every VMA of the parent"),
    RULE_COLLAPSE_LOCKS_VMA("rule.collapse-locks-vma", "collapse write-locks the VMA"),
    RULE_ANON_VMA_NEEDS_MMAP_LOCK("rule.anon-vma-needs-mmap-lock",
            "a fault under the VMA lock looks for a neighbour's anon_vma only with mmap_lock as well"),
    RULE_ANON_VMA_RECHECK("rule.anon-vma-recheck", "an anon_vma is attached only if no other task has attached one meanwhile"),
    RULE_GUARD_NEEDS_ANON_VMA("rule.guard-needs-anon-vma",
            "guard regions are installed under the VMA lock only in a VMA that has an anon_vma"),
    RULE_ANON_VMA_LOCK_IN_VMA_EDIT("rule.anon-vma-lock-in-vma-edit",
            "splits and merges hold the anon_vma lock while VMAs are off its tree"),
    RULE_MOVE_UNLOCKS_DESTINATION("rule.move-unlocks-destination", "UFFDIO_MOVE unlocks its destination before it waits for mmap_lock"),
    RULE_USERFAULT_UNLOCKS("rule.userfault-unlocks", "a fault releases its lock before it sleeps for user space"),
    RULE_USERFAULT_MUST_WAIT("rule.userfault-must-wait",
            "a fault rechecks that its page is still missing before it sleeps for user space"),
    RULE_PMD_RECHECK("rule.pmd-recheck", "retract_page_tables rechecks the PMD under its lock"),
    RULE_MREMAP_PMD_RECHECK("rule.mremap-pmd-recheck",
            "mremap rechecks the PMD under its lock before it moves a whole page table (6fa1066fc5d0, CVE-2024-50066)"),
    RULE_TABLE_RECHECK("rule.table-recheck", "a task that has locked a page table rechecks that it is still in place"),
    RULE_PTE_RECHECK_AFTER_PTL("rule.pte-recheck-after-ptl",
            "a task that has locked a page table rechecks that the entry is as it was read"),
    RULE_TOUCH_UNDER_PTL("rule.touch-under-ptl", "the kernel's own lookup of a page marks its folio dirty under the page table's lock"),
    RULE_FILL_COPIES_AT_ONCE("rule.fill-copies-at-once",
            "UFFDIO_COPY copies its source as it finds it, not from a frame that it looks up once the copy is to be mapped"),
    RULE_EMPTY_TABLE_RECHECK("rule.empty-table-recheck", "PT reclaim frees a table only if it is empty under both locks"),
    RULE_PTL_IN_ZAP("rule.ptl-in-zap", "zapping holds the page table's lock"),
    RULE_PTL_ORDER("rule.ptl-order", "two page tables are locked in the order of their addresses"),
    RULE_RCU_TABLE_FREE("rule.rcu-table-free", "page tables are freed after an RCU grace period"),
    RULE_RCU_IN_TABLE_LOOKUP("rule.rcu-in-table-lookup", "an RCU read section covers a page table from lookup to lock"),
    RULE_IRQS_OFF_IN_FOLIO_WALK("rule.irqs-off-in-folio-walk", "remote-access.lock=vma-irq-off walks page tables with interrupts disabled"),
    RULE_FOLIO_WALK_REFUSES_HUGETLB("rule.folio-walk-refuses-hugetlb",
            "remote-access.lock=vma-… leaves hugetlb memory to mmap_lock: a walk there waits for hugetlb_vma_lock, the one lock against "
                    + "page tables that processes share"),
    RULE_HUGETLB_FREES_IN_ZAP("rule.hugetlb-frees-in-zap",
            "MADV_DONTNEED gives huge pages back to their pool before it releases hugetlb_vma_lock (2820b0f09be9)"),
    RULE_FLUSH_BEFORE_FREE("rule.flush-before-free", "TLBs are flushed before the pages of an mmu_gather are freed"),
    RULE_NESTED_FLUSH("rule.nested-flush", "an mmu_gather that ends while another is under way flushes the whole address space"),
    RULE_FLUSH_IN_FORK("rule.flush-in-fork", "fork flushes TLBs after it has write-protected pages"),
    RULE_FLUSH_IN_COW("rule.flush-in-cow", "a page's copy is used only after TLBs have forgotten the original"),
    RULE_FLUSH_IN_MPROTECT("rule.flush-in-mprotect", "mprotect flushes TLBs where a right was lost"),
    RULE_FLUSH_IN_UNMAP("rule.flush-in-unmap", "reclaim flushes TLBs after it has unmapped a folio"),
    RULE_FLUSH_IN_MOVE("rule.flush-in-move", "UFFDIO_MOVE flushes TLBs after it has taken an entry away"),
    RULE_FLUSH_IN_MREMAP("rule.flush-in-mremap",
            "mremap flushes TLBs before it releases the locks of page tables it has moved entries from (eb66ae030829, CVE-2018-18281)"),
    RULE_FLUSH_IN_COLLAPSE("rule.flush-in-collapse", "collapse flushes TLBs before it copies"),
    RULE_DIRTY_RECHECK_IN_LAZYFREE("rule.dirty-recheck-in-lazyfree", "reclaim keeps a lazyfree page that has been written to"),
    RULE_REFCOUNT_FREEZE("rule.refcount-freeze", "reclaim frees a folio only if there is no other reference"),
    RULE_LRU_LOCK_IN_PUTBACK("rule.lru-lock-in-putback", "reclaim puts the folios it keeps back onto their lists under lru_lock"),
    RULE_FOLIO_LOCK_IN_RMAP("rule.folio-lock-in-rmap", "where UFFDIO_MOVE relies on the folio lock, every reverse-map walk holds it"),
    RULE_FOLIO_LOCK_IN_MOVE("rule.folio-lock-in-move", "UFFDIO_MOVE holds the folio's lock"),
    RULE_MOVE_EXCLUSIVE_ONLY("rule.move-exclusive-only", "UFFDIO_MOVE refuses folios that other processes may map"),
    RULE_MOVE_SWAP_CACHE("rule.move-swap-cache",
            "UFFDIO_MOVE rechecks that the folio it has locked is the swap cache's for the entry (0ea148a79919, "
                    + "CVE-2025-38242)"),
    RULE_COW_REFCOUNT("rule.cow-refcount", "a write-protected folio is reused only through its last reference"),
    RULE_COW_HOLDS_FOLIO("rule.cow-holds-folio", "a copying fault holds a reference to the original"),
    RULE_WRITE_PROTECT_IN_FORK("rule.write-protect-in-fork", "fork write-protects what parent and child share"),
    RULE_GUARD_INTO_EMPTY_ONLY("rule.guard-into-empty-only", "guard markers go into empty entries only"),
    RULE_ZAP_KEEPS_GUARDS("rule.zap-keeps-guards", "MADV_DONTNEED leaves guard markers where they are");

    private static final String RULE_PREFIX = "rule.";

    private final String key;
    private final String meaning;
    private final List<String> choices;

    /// A safety rule.
    Switch(String key, String meaning) {
        this(key, meaning, OFF, ON);
    }

    Switch(String key, String meaning, SwitchValue... choices) {
        this.key = key;
        this.meaning = meaning;
        this.choices = Stream.of(choices).map(SwitchValue::label).toList();
    }

    /// The name used in `--set key=value` and in `result.json`.
    public String key() {
        return key;
    }

    public String meaning() {
        return meaning;
    }

    public List<String> choices() {
        return choices;
    }

    /// @return `value`
    /// @throws IllegalArgumentException if the switch does not take it
    String checked(String value) {
        if (!choices.contains(value)) {
            throw new IllegalArgumentException("switch " + key + " takes " + String.join(" or ", choices) + ", not '" + value + "'");
        }
        return value;
    }

    /// Whether this is a safety rule (`rule.…`, off or on) rather than a choice between kernels that all work.
    public boolean isRule() {
        return key.startsWith(RULE_PREFIX);
    }

    /// The safety rules, in declaration order.
    public static List<Switch> rules() {
        return Stream.of(values()).filter(Switch::isRule).toList();
    }

    /// The switch of that name, or null.
    public static @Nullable Switch byKey(String key) {
        for (Switch candidate : values()) {
            if (candidate.key.equals(key)) {
                return candidate;
            }
        }
        return null;
    }
}
