package io.janklab.allocator.arena;

import io.janklab.kernel.cpu.Task;

/// Notified when there is something to purge.
interface PurgeWaker {
    /// `task` has left pages of the arena of that index unused, which decay by `dirty`.
    void pagesUnused(Task task, int arena, Decay dirty);

    /// `task` saw a decay epoch of the arena of that index end, during which `newPages` pages became unused.
    void epochEnded(Task task, int arena, Decay decay, long newPages);
}
