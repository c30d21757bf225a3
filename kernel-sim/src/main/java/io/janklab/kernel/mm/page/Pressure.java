package io.janklab.kernel.mm.page;

import io.janklab.kernel.cpu.Task;

/// Finds memory when little is left: the call from allocation up to reclaim, which Linux has too.
@FunctionalInterface
public interface Pressure {
    /// Wakes kswapd, and reclaims directly in `task` if even the reserve is touched.
    void makeRoom(Task task);
}
