package io.janklab.kernel.lock.policy;

/// Why a page fault needs to decide about its VMA's lock.
public enum FaultAttempt {
    /// It begins.
    FIRST,
    /// A writer has the VMA, or has taken it out of the tree.
    REFUSED,
    /// It has let go of the VMA's lock to wait for a read from storage, which is over.
    AFTER_IO
}
