package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;

/// A fault that has waited for I/O tries its VMA's lock again before it falls back (a patch of January 2026, never merged;
/// `fault.retry=vma` is the same as a switch), and one whose VMA is being written waits for that writer once instead of queueing for
/// mmap_lock.
public final class RetryUnderVmaLock extends Linux {
    @Override
    public VmaLockStep vmaLock(Task reader, FaultAttempt attempt, int tries) {
        return switch (attempt) {
            case FIRST, AFTER_IO -> VmaLockStep.TRY;
            case REFUSED -> tries == 1 ? VmaLockStep.WAIT : VmaLockStep.FALL_BACK;
        };
    }
}
