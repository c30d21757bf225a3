package io.janklab.kernel.mm;

import io.janklab.kernel.cpu.Task;

/// Goes from VMA to VMA for a reader of `/proc`: all of them under mmap_lock, or each under its own lock (Linux `proc_get_vma`,
/// `lock_next_vma`, 6.17).
abstract sealed class VmaCursor {
    final Mm mm;

    private VmaCursor(Mm mm) {
        this.mm = mm;
    }

    static VmaCursor of(Mm mm, boolean byVmaLock) {
        return byVmaLock ? new UnderVmaLock(mm) : new UnderMmapLock(mm);
    }

    /// `m_start`.
    ///
    /// @return false if SIGKILL came first: nothing is locked
    abstract boolean start(Task task);

    /// The first VMA that ends above `address`, locked, or null; the one before is let go.
    abstract Vma next(Task task, long address);

    /// `m_stop`.
    abstract void stop(Task task);

    /// What a page walk over the VMA may rely on.
    abstract WalkLock walkLock();

    private static final class UnderMmapLock extends VmaCursor {
        UnderMmapLock(Mm mm) {
            super(mm);
        }

        @Override
        boolean start(Task task) {
            return mm.mmapLock().downReadKillable(task);
        }

        @Override
        Vma next(Task task, long address) {
            return mm.vmas().find(address);
        }

        @Override
        void stop(Task task) {
            mm.mmapLock().upRead(task);
        }

        @Override
        WalkLock walkLock() {
            return WalkLock.READ;
        }
    }

    private static final class UnderVmaLock extends VmaCursor {
        private Vma locked;

        UnderVmaLock(Mm mm) {
            super(mm);
        }

        @Override
        boolean start(Task task) {
            return true;
        }

        @Override
        Vma next(Task task, long address) {
            stop(task);
            locked = mm.vmas().find(address);
            if (locked == null) {
                return null;
            }
            if (locked.tryReadLock(task)) {
                if (mm.vmas().find(address) == locked) {
                    return locked;
                }
                mm.endRead(task, locked);
            }
            locked = underMmapLock(task, address);
            return locked;
        }

        /// `lock_next_vma_under_mmap_lock`: mmap_lock is held only until the VMA's is.
        private Vma underMmapLock(Task task, long address) {
            if (!mm.mmapLock().downReadKillable(task)) {
                return null;
            }
            Vma vma = mm.vmas().find(address);
            if (vma != null) {
                vma.readLockUnderMmapLock(task);
            }
            mm.mmapLock().upRead(task);
            return vma;
        }

        @Override
        void stop(Task task) {
            if (locked != null) {
                mm.endRead(task, locked);
                locked = null;
            }
        }

        @Override
        WalkLock walkLock() {
            return WalkLock.VMA_READ_VERIFY;
        }
    }
}
