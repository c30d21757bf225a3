package io.janklab.kernel.mm.advise;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.WalkLock;
import io.janklab.kernel.trace.MadvisePath;
import org.jspecify.annotations.Nullable;

/// One call of madvise: its behaviour, its lock, and what it has gathered (Linux `struct madvise_behavior`).
final class MadviseCall {
    final Task task;
    final Advice advice;
    MadviseLock mode = MadviseLock.NO_LOCK;
    MadvisePath path = MadvisePath.NONE;
    /// The name of the first VMA in the range.
    String vma = "";
    /// Of all that a call flushes together; null if each mapping has its own.
    @Nullable MmuGather gather;

    MadviseCall(Task task, Advice advice) {
        this.task = task;
        this.advice = advice;
    }

    void met(Vma visited) {
        if (vma.isEmpty()) {
            vma = visited.label();
        }
    }

    /// The lock that a page walk of this call relies on (`get_walk_lock`).
    WalkLock walkLock() {
        return mode == MadviseLock.VMA_READ_LOCK ? WalkLock.VMA_READ_VERIFY : WalkLock.READ;
    }
}
