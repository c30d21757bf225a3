package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;

/// A fault first takes no lock at all (speculative page faults: Laurent Dufour's series of 2017 to 2019, Michel Lespinasse's of 2021 and
/// 2022, which Android's 5.10 and 5.15 had and per-VMA locks replaced): it copies its VMA, and before it changes a page-table entry it
/// checks that no task has write-locked mmap_lock since. Where that has happened, and where it may not speculate, it continues as the
/// kernel would have begun.
///
/// **Caveats.** As Lespinasse's series: one sequence count for the whole address space, not one for each VMA, and anonymous memory alone;
/// neither its first page, for which an anon_vma or a page table must be made, nor memory armed with userfaultfd.
public final class Speculative extends Linux {
    @Override
    public VmaLockStep vmaLock(Task reader, FaultAttempt attempt, int tries) {
        return switch (attempt) {
            case FIRST -> VmaLockStep.SPECULATE;
            case REFUSED -> tries == 1 ? VmaLockStep.TRY : VmaLockStep.FALL_BACK;
            case AFTER_IO -> VmaLockStep.FALL_BACK;
        };
    }
}
