package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockMode;

/// The lock that a page-table walk requires, and asserts (Linux `enum page_walk_lock`, `process_vma_walk_lock`).
public enum WalkLock {
    /// mmap_lock for reading at least.
    READ {
        @Override
        boolean isHeld(Task task, Vma vma) {
            return vma.mm().mmapLock().isReadHeldBy(task) || vma.mm().mmapLock().isWriteHeldBy(task);
        }
    },
    /// mmap_lock for writing; the walk write-locks each VMA itself.
    WRITE {
        @Override
        boolean isHeld(Task task, Vma vma) {
            return vma.mm().mmapLock().isWriteHeldBy(task);
        }
    },
    /// mmap_lock and the VMA for writing already.
    WRITE_VERIFY {
        @Override
        boolean isHeld(Task task, Vma vma) {
            return vma.mm().mmapLock().isWriteHeldBy(task) && vma.isWriteLocked();
        }
    },
    /// The VMA for reading already, mmap_lock not needed (6.17).
    VMA_READ_VERIFY {
        @Override
        boolean isHeld(Task task, Vma vma) {
            return task.held().contains(vma, LockMode.READ);
        }
    };

    abstract boolean isHeld(Task task, Vma vma);

    /// Takes or asserts what the walk of `vma` needs.
    ///
    /// @throws KernelRuleBroken if the caller does not hold what it declared
    public void enter(Task task, Vma vma) {
        if (!isHeld(task, vma)) {
            throw new KernelRuleBroken("kernel bug: " + task + " walks " + vma + " with " + this + " declared and holds " + task.held());
        }
        if (this == WRITE) {
            vma.mm().startWrite(task, vma);
        }
    }
}
