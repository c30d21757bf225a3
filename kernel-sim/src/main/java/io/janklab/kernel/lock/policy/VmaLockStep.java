package io.janklab.kernel.lock.policy;

/// The next step of a page fault with the lock of its VMA.
public enum VmaLockStep {
    /// It tries to take it, which never waits.
    TRY,
    /// It sleeps until the writer of the address space releases mmap_lock, without queueing for it, and then tries.
    WAIT,
    /// It continues under mmap_lock.
    FALL_BACK
}
