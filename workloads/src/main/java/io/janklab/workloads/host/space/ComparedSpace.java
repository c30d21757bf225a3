package io.janklab.workloads.host.space;

import io.janklab.program.Call;

/// One side of the comparison: an address space whose [io.janklab.program.Region] programs use.
public interface ComparedSpace {
    /// Unmaps the whole region.
    ///
    /// @return the KiB of page tables that it had
    long clear();

    /// Whether programs get huge pages where they ask for them (MADV_HUGEPAGE, MADV_COLLAPSE); at first they do not. Takes effect with the
    /// next [#clear].
    default void useHugePages(boolean on) {}

    /// Makes one call, the `step`-th of its program, and returns its answer. Folios that it leaves in per-CPU batches reach their lists.
    String call(Call call, int step);

    /// Whether the last call moved memory out of the region, by as much as whole page tables map: they then moved as they were, and none
    /// stayed behind.
    default boolean movedTablesAway() {
        return false;
    }

    /// The region as the last call left it.
    Snapshot snapshot();
}
