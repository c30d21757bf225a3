package io.janklab.workloads.host.space;

import io.janklab.program.Call;

/// One side of the comparison: an address space whose [io.janklab.program.Region] programs play in.
public interface AddressSpace {
    /// Unmaps the whole region.
    void clear();

    /// Makes one call, the `step`-th of its program, and tells what it returned ([io.janklab.workloads.host.sys.Answer]).
    String call(Call call, int step);

    Snapshot snapshot();
}
