package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Every litmus there is: those of memory, and those of the lock alone.
public final class Litmuses {
    /// Of memory, on a kernel's own rules: text files.
    private static final List<String> NAMES = List.of(
            "anon-vma-neighbour", "collapse-writer", "copy-dontneed", "copy-reader", "dontneed-reclaim", "fault-dontneed",
            "fill-dontneed", "first-fault-mprotect", "first-faults", "folio-walk-hugetlb", "folio-walk-table-free",
            "fork-dontneed", "fork-two-writers",
            "fork-writer", "free-collapse", "free-collapse-next", "free-fork", "free-mremap", "free-munmap", "free-munmap-next",
            "free-read-reclaim", "free-rewrite-reclaim", "free-two-locks", "guard-dontneed", "guard-first-fault",
            "guard-anon-vma-neighbour", "dontneed-register", "hugetlb-dontneed", "maps-fixed", "maps-fixed-merge", "mremap-merge",
            "move-pageout", "move-referenced", "move-unmap", "move-two-vmas", "move-writer", "move-fork", "mremap-reclaim",
            "neighbour-downgrade", "pageout-pin", "pageout-user", "populate-dontneed", "exit-reader", "fault-merge", "fault-mprotect",
            "fault-munmap", "fault-split",
            "vma-reuse", "stack-maps",
            "reclaim-mlock", "remove-munmap", "retract-dontneed", "retract-mremap", "retract-mremap-unaligned", "rmap-mremap",
            "rmap-split", "stale-tlb-dontneed", "swap-in-dontneed", "table-reclaim-fault", "table-reclaim-twice", "two-dontneeds",
            "two-movers", "two-swap-ins", "userfault-copy", "userfault-mprotect");
    public static final List<Litmus> ALL = NAMES.stream().map(name -> LitmusResource.read(name).litmus()).toList();

    /// Of the lock alone about which a policy decides: what a custom policy must pass before any kernel is tried on it.
    public static final List<Litmus> LOCKS =
            List.of(LockExclusion.LITMUS, LockWakeups.LITMUS, LockWriterProgress.LITMUS, LockReaderProgress.LITMUS);

    private Litmuses() {}

    /// Of those that are files.
    public static List<String> names() {
        return NAMES;
    }

    /// The file of a litmus of memory; null if there is none of that name.
    public static @Nullable String text(String name) {
        return NAMES.contains(name) ? LitmusResource.text(name) : null;
    }

    /// The litmus of that name, or null.
    public static @Nullable Litmus byName(String name) {
        return Stream.concat(ALL.stream(), LOCKS.stream()).filter(litmus -> litmus.name().equals(name)).findFirst().orElse(null);
    }
}
