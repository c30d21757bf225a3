package io.janklab.kernel.lock;

/// The outcome of an attempt to lock a VMA for reading (`vma_start_read`).
public enum ReadAttempt {
    LOCKED,
    /// A writer is there, or the VMA is no longer the one that was looked for: fall back to mmap_lock.
    REFUSED,
    /// It has left the tree since it was looked up: look again.
    DETACHED
}
