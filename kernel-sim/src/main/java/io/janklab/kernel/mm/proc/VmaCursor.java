package io.janklab.kernel.mm.proc;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.ReadAttempt;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTree;
import io.janklab.kernel.mm.space.WalkLock;
import org.jspecify.annotations.Nullable;

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

    /// The first VMA that ends above `address`, locked, or null; the previous one is unlocked.
    abstract @Nullable Vma next(Task task, long address);

    /// `m_stop`.
    abstract void stop(Task task);

    /// The lock that a page walk over the VMA relies on.
    abstract WalkLock walkLock();

    private static final class UnderMmapLock extends VmaCursor {
        private final VmaTree.Walk walk;

        UnderMmapLock(Mm mm) {
            super(mm);
            walk = mm.vmas().new Walk();
        }

        @Override
        public boolean start(Task task) {
            return mm.mmapLock().downReadKillable(task);
        }

        @Override
        public @Nullable Vma next(Task task, long address) {
            return walk.find(address);
        }

        @Override
        public void stop(Task task) {
            walk.leave();
            mm.mmapLock().upRead(task);
        }

        @Override
        public WalkLock walkLock() {
            return WalkLock.READ;
        }
    }

    private static final class UnderVmaLock extends VmaCursor {
        private @Nullable Vma locked;

        UnderVmaLock(Mm mm) {
            super(mm);
        }

        @Override
        public boolean start(Task task) {
            return true;
        }

        /// `lock_next_vma`: one that is detached meanwhile is looked up again; whatever else keeps the reader out, under mmap_lock.
        @Override
        public @Nullable Vma next(Task task, long address) {
            stop(task);
            @Nullable Vma vma;
            ReadAttempt attempt;
            do {
                vma = mm.vmas().find(address);
                if (vma == null) {
                    return null;
                }
                attempt = vma.startRead(task, mm.lockSequence());
            } while (attempt == ReadAttempt.DETACHED);
            if (attempt == ReadAttempt.LOCKED) {
                if (mm.vmas().find(address) == vma) {
                    locked = vma;
                    return vma;
                }
                mm.endRead(task, vma);
            }
            locked = underMmapLock(task, address);
            return locked;
        }

        /// `lock_next_vma_under_mmap_lock`: mmap_lock is held only until the VMA's is.
        private @Nullable Vma underMmapLock(Task task, long address) {
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
        public void stop(Task task) {
            if (locked != null) {
                mm.endRead(task, locked);
                locked = null;
            }
        }

        @Override
        public WalkLock walkLock() {
            return WalkLock.VMA_READ_VERIFY;
        }
    }
}
