package io.janklab.workloads.host;

/// One side of the comparison: an address space whose [Region] programs play in.
interface AddressSpace {
    /// Unmaps the whole region.
    void clear();

    /// Makes one call, the `step`-th of its program, and tells what it returned ([Answer]).
    String call(Call call, int step);

    Snapshot snapshot();
}
