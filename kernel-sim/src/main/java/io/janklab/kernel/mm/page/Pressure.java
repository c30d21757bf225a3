package io.janklab.kernel.mm.page;

import io.janklab.kernel.cpu.Task;

/// Whoever finds memory when little is left: the way from allocation up to reclaim, which Linux has too.
@FunctionalInterface
public interface Pressure {
    /// Wakes kswapd, and reclaims at once in `task` if even the reserve is touched.
    void makeRoom(Task task);
}
