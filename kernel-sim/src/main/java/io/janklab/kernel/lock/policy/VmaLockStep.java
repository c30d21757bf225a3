package io.janklab.kernel.lock.policy;

/// The next step of a page fault with the lock of its VMA.
public enum VmaLockStep {
    /// It tries to take it, which never waits; where the kernel has no VMA locks, as [#FALL_BACK].
    TRY,
    /// It sleeps until the writer of the address space releases mmap_lock, without queueing for it, and then tries.
    WAIT,
    /// It takes neither lock, and checks before it changes a page-table entry that mmap_lock has not been write-locked since.
    SPECULATE,
    /// It continues under mmap_lock.
    FALL_BACK
}
