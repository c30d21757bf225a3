package io.janklab.kernel.mm.space;

/// How a fault is being handled (Linux `enum fault_flag`).
public final class FaultFlags {
    /// Under the VMA lock, not mmap_lock (`FAULT_FLAG_VMA_LOCK`).
    public static final int VMA_LOCK = 1;
    /// Has been retried under mmap_lock: now it waits with the lock held rather than asking for another retry (`FAULT_FLAG_TRIED`).
    public static final int TRIED = 1 << 1;

    /// The caller keeps its lock whatever happens (no `FAULT_FLAG_ALLOW_RETRY`): a page that a userfaultfd manager would have to fill
    /// raises SIGBUS. Implies [#TRIED].
    public static final int KEEP_LOCK = 1 << 2 | TRIED;

    /// Under no lock: mmap_lock may be write-locked meanwhile (`FAULT_FLAG_SPECULATIVE`, never merged).
    public static final int SPECULATIVE = 1 << 3;

    private FaultFlags() {}

    static boolean has(int flags, int flag) {
        return (flags & flag) == flag;
    }
}
