package io.janklab.kernel.trace;

import org.jspecify.annotations.Nullable;

/// Under which lock a `madvise` call worked, and why (`get_lock_mode`, `try_vma_read_lock` in Linux `mm/madvise.c`).
public enum MadvisePath {
    /// No lock taken: bad arguments, zero length, or a behaviour that needs none.
    NONE(null),
    /// Under the per-VMA lock.
    VMA_LOCK(null),
    /// Under `mmap_lock` for reading because this kernel, or this behaviour, has no per-VMA path.
    MMAP_READ("kernel has no per-VMA path"),
    /// Under `mmap_lock` for writing because the behaviour changes VMA flags.
    MMAP_WRITE("behaviour changes the VMA"),
    /// Fallback: no VMA contains the start, or it changed during lookup.
    FALLBACK_NO_VMA("no VMA at start"),
    /// Fallback: the VMA was write-locked, or a writer was waiting for its readers.
    FALLBACK_VMA_WRITE_LOCKED("VMA being written"),
    /// Fallback: the range leaves the VMA.
    FALLBACK_SEVERAL_VMAS("range spans several VMAs"),
    /// Fallback: the advice is for another process.
    FALLBACK_REMOTE_MM("remote mm"),
    /// Fallback: userfaultfd is armed on the VMA.
    FALLBACK_USERFAULTFD("userfaultfd armed"),
    /// Fallback: guard install on anonymous memory that has no anon_vma yet.
    FALLBACK_NO_ANON_VMA("anon_vma missing");

    private final @Nullable String cause;

    MadvisePath(@Nullable String cause) {
        this.cause = cause;
    }

    /// Why the call took `mmap_lock`, in words; null where it did not.
    public @Nullable String cause() {
        return cause;
    }

    public boolean byMmapLock() {
        return cause != null;
    }
}
