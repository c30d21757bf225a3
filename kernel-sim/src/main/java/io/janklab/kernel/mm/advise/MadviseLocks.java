package io.janklab.kernel.mm.advise;

import static io.janklab.kernel.uapi.Mman.*;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;

/// Which lock each behaviour takes in this kernel: the one place that decides it (Linux `get_lock_mode`; before 6.17
/// `madvise_need_mmap_write`).
public final class MadviseLocks {
    private final MadviseLock dontneed;
    private final MadviseLock free;
    /// NO_LOCK where the kernel does not know guard regions.
    private final MadviseLock guard;

    public MadviseLocks(KernelProfile profile) {
        dontneed = readLock(profile, Switch.MADVISE_DONTNEED_LOCK);
        free = readLock(profile, Switch.MADVISE_FREE_LOCK);
        guard = profile.is(Switch.MADVISE_GUARD_LOCK, "none") ? MadviseLock.NO_LOCK : readLock(profile, Switch.MADVISE_GUARD_LOCK);
    }

    private static MadviseLock readLock(KernelProfile profile, Switch decision) {
        return profile.is(decision, "vma") ? MadviseLock.VMA_READ_LOCK : MadviseLock.MMAP_READ_LOCK;
    }

    boolean hasGuardRegions() {
        return guard != MadviseLock.NO_LOCK;
    }

    /// The lock of a known behaviour.
    MadviseLock of(int advice) {
        return switch (advice) {
            case MADV_HWPOISON, MADV_SOFT_OFFLINE -> MadviseLock.NO_LOCK;
            case MADV_REMOVE, MADV_WILLNEED, MADV_COLD, MADV_PAGEOUT, MADV_POPULATE_READ, MADV_POPULATE_WRITE,
                    MADV_COLLAPSE -> MadviseLock.MMAP_READ_LOCK;
            case MADV_DONTNEED, MADV_DONTNEED_LOCKED -> dontneed;
            case MADV_FREE -> free;
            case MADV_GUARD_INSTALL, MADV_GUARD_REMOVE -> guard;
            default -> MadviseLock.MMAP_WRITE_LOCK;
        };
    }
}
