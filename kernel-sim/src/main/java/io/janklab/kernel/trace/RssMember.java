package io.janklab.kernel.trace;

/// What a process's pages are counted as (`MM_FILEPAGES` and its like; the ordinals are Linux's).
public enum RssMember {
    /// Pages of files that are mapped.
    FILE,
    ANON,
    /// Swapped out: not resident.
    SWAP,
    /// Of shared memory; this kernel counts them as [#FILE].
    SHMEM
}
