package io.janklab.kernel.mm.advise;

/// The lock that a madvise behaviour requires (Linux `enum madvise_lock_mode`).
enum MadviseLock {
    NO_LOCK,
    MMAP_READ_LOCK,
    MMAP_WRITE_LOCK,
    /// The VMA's read lock, or mmap_lock for reading if that is not available.
    VMA_READ_LOCK
}
