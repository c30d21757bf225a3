package io.janklab.kernel.mm;

/// How a fault is being handled (Linux `enum fault_flag`).
final class FaultFlags {
    /// Under the VMA lock, not mmap_lock (`FAULT_FLAG_VMA_LOCK`).
    static final int VMA_LOCK = 1;
    /// Has been retried under mmap_lock: now it waits with the lock held rather than ask for another retry (`FAULT_FLAG_TRIED`).
    static final int TRIED = 1 << 1;

    private FaultFlags() {}

    static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
