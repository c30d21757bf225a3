package io.janklab.kernel.mm.advise;

/// What an madvise behaviour asks to be locked (Linux `enum madvise_lock_mode`).
enum MadviseLock {
    NO_LOCK,
    MMAP_READ_LOCK,
    MMAP_WRITE_LOCK,
    /// The VMA's read lock, or mmap_lock for reading if that cannot be had.
    VMA_READ_LOCK
}
