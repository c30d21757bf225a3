package io.janklab.kernel.lock.policy;

/// Why a page fault must decide about its VMA's lock.
public enum FaultAttempt {
    /// It begins.
    FIRST,
    /// A writer has the VMA, or has taken it out of the tree; or it has speculated, and must not or was overtaken by a writer.
    REFUSED,
    /// It has released the VMA's lock to wait for a read from storage, which has ended.
    AFTER_IO
}
