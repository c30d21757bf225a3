package io.janklab.kernel.config;

import java.util.List;

/// One decision of a kernel that a profile makes and a user may flip by name.
///
/// Choices are listed from the oldest behaviour to the newest.
public enum Switch {
    FAULT_VMA_LOCK("fault.vma-lock", "which page faults try the per-VMA lock", "off", "anon", "all"),
    FAULT_RETRY("fault.retry", "lock of a page fault's second attempt, after it waited for I/O (vma: an unmerged patch)", "mmap", "vma"),
    FAULT_FILE_VMA_LOCK("fault.file.vma-lock", "what a file fault may do under the per-VMA lock: map pages that are in memory, or everything", "map-pages", "all"),
    FAULT_ANON_VMA("fault.anon-vma", "first write fault in a VMA without anon_vma: retry under mmap_lock, or attach it under a trylock", "retry", "trylock"),
    VMA_LOCK_FORM("vma-lock.form", "the per-VMA lock: an rw_semaphore, whose writers spin before they sleep, or a reference count", "rwsem", "refcount"),
    MADVISE_DONTNEED_LOCK("madvise.dontneed.lock", "lock of MADV_DONTNEED", "mmap", "vma"),
    MADVISE_FREE_LOCK("madvise.free.lock", "lock of MADV_FREE", "mmap", "vma"),
    UFFD_LOCK("uffd.lock", "lock of UFFDIO_COPY, ZEROPAGE and MOVE", "mmap", "vma"),
    UFFD_MOVE_RMAP("uffd.move.rmap", "what keeps reclaim's reverse-map walks off a page that UFFDIO_MOVE moves", "anon-vma", "folio"),
    MADVISE_GUARD_LOCK("madvise.guard.lock", "lock of MADV_GUARD_INSTALL and _REMOVE; none: the kernel does not know them", "none", "mmap", "vma"),
    PROCESS_MADVISE("process-madvise", "what process_madvise does for the caller itself: hints alone; any advice, range by range; all ranges under one lock",
            "hints", "ranges", "vector"),
    PROC_MAPS_LOCK("proc-maps.lock", "lock of readers of /proc/PID/maps", "mmap", "vma"),
    PROC_SMAPS_LOCK("proc-smaps.lock", "lock of readers of /proc/PID/smaps", "mmap", "vma"),
    MSEAL("mseal", "whether mseal(2) exists", "off", "on"),
    VMA_MERGE_UNFAULTED("vma.merge-unfaulted", "merge a faulted VMA with an unfaulted neighbour by mprotect: as before 6.17, or as since", "old", "new"),
    REMOTE_ACCESS_LOCK("remote-access.lock", "lock under which another process's memory is read (vma-…: proposals, never merged)", "mmap", "vma-irq-off", "vma-rcu"),
    MREMAP("mremap", "mremap to an address: its target is unmapped first; or what is to move is looked at first, and may be several mappings",
            "one-mapping", "several"),
    MPROTECT_UNACCOUNT("mprotect.unaccount", "mprotect to read-only takes a never-written VMA's commit charge back", "off", "on"),
    THP("thp", "transparent huge pages: never, where MADV_HUGEPAGE asked for them, or always", "never", "madvise", "always"),
    PT_RECLAIM("pt-reclaim", "MADV_DONTNEED frees page tables it emptied", "off", "on"),
    RULE_PMD_RECHECK("rule.pmd-recheck", "safety rule: retract_page_tables looks at the PMD again under its lock", "off", "on"),
    RWSEM_POLICY("rwsem.policy", "what-if: who queues where for mmap_lock, and who is helped", "linux", "writer-boost", "inherit"),
    ORACLE("oracle", "bound, never a kernel: every lock is granted at once, costs unchanged", "off", "uncontended");

    private final String key;
    private final String meaning;
    private final List<String> choices;

    Switch(String key, String meaning, String... choices) {
        this.key = key;
        this.meaning = meaning;
        this.choices = List.of(choices);
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

    /// The switch of that name, or null.
    public static Switch byKey(String key) {
        for (Switch candidate : values()) {
            if (candidate.key.equals(key)) {
                return candidate;
            }
        }
        return null;
    }
}
