package io.janklab.workloads.host.space;

import io.janklab.program.Call;

/// One side of the comparison: an address space whose [io.janklab.program.Region] programs use.
public interface AddressSpace {
    /// Unmaps the whole region.
    void clear();

    /// Whether programs get huge pages where they ask for them (MADV_HUGEPAGE, MADV_COLLAPSE); at first they do not. Takes effect with the
    /// next [#clear].
    default void useHugePages(boolean on) {}

    /// Makes one call, the `step`-th of its program, and returns its answer.
    String call(Call call, int step);

    Snapshot snapshot();
}
