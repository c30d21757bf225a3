package io.janklab.kernel.lock;

/// What a reader of a VMA's lock is told (`vma_start_read`).
public enum ReadAttempt {
    LOCKED,
    /// A writer is there, or the VMA is no longer the one that was looked for: fall back to mmap_lock.
    REFUSED,
    /// It has left the tree since it was looked up: look again.
    DETACHED
}
