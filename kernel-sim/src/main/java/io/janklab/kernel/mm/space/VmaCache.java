package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import java.util.ArrayDeque;

/// Where VMAs come from and go to (`vm_area_cachep`).
///
/// Since 6.15 (SLAB_TYPESAFE_BY_RCU) one that is freed is used again at once, by any address space, while a reader may still look at it.
/// Only where schedules are explored can that make a difference, and is it done.
final class VmaCache {
    private final boolean reuses;
    private final ArrayDeque<Vma> free = new ArrayDeque<>();

    VmaCache(boolean reuses) {
        this.reuses = reuses;
    }

    /// `vm_area_alloc`: the one freed last, or a new one.
    Vma allocate(Mm mm, long start, long end, long pgoff, int flags) {
        Vma used = free.pollLast();
        if (used == null) {
            return new Vma(mm, start, end, pgoff, flags);
        }
        used.reuse(mm, start, end, pgoff, flags);
        return used;
    }

    /// `vm_area_free`.
    ///
    /// @throws KernelRuleBroken if a reader is counted in it
    void free(Task task, Vma vma) {
        if (vma.isAttached()) {
            throw new KernelRuleBroken("kernel bug: " + vma + " is freed while a reader is counted in it");
        }
        if (reuses) {
            vma.endWrite(task);
            free.addLast(vma);
        }
    }
}
