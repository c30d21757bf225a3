package io.janklab.allocator.arena;

import io.janklab.kernel.cpu.Task;

/// Notified when there is something to purge.
interface PurgeWaker {
    /// `task` has left pages of `arena` unused.
    void pagesUnused(Task task, Arena arena);

    /// `task` saw a decay epoch of `arena` end, during which `newPages` pages became unused.
    void epochEnded(Task task, Arena arena, Decay decay, long newPages);
}
