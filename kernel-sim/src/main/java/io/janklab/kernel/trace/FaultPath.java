package io.janklab.kernel.trace;

/// Under which lock a page fault was handled in the end.
public enum FaultPath {
    /// Under the per-VMA lock from beginning to end.
    VMA_LOCK,
    /// Under `mmap_lock`, never having tried the per-VMA lock (kernel-mode fault, or a kernel without it).
    MMAP_LOCK,
    /// Under `mmap_lock`, because the per-VMA lock could not be taken (`vma_lock_abort`), or the fault could not be speculated on.
    MMAP_LOCK_AFTER_ABORT,
    /// Under `mmap_lock`, after an attempt under the per-VMA lock, or under none, asked to be retried (`vma_lock_retry`).
    MMAP_LOCK_AFTER_RETRY,
    /// Under neither lock (what-if: `rwsem.policy=speculative`).
    SPECULATIVE
}
