package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.space.WalkLock;

/// Where a walk of MADV_FREE finds the lock that it is to rely on (`struct mm_walk_ops`): on its caller's stack since that may be either
/// lock (6.17); without `rule.walk-ops-on-stack` in one variable for all, which every call sets anew.
final class FreeWalkOps {
    private static final int ID = 0;

    private final Interleaving interleaving;
    private final boolean onStack;
    private WalkLock shared = WalkLock.READ;

    FreeWalkOps(KernelProfile profile, Interleaving interleaving) {
        this.interleaving = interleaving;
        this.onStack = profile.keeps(Switch.RULE_WALK_OPS_ON_STACK);
    }

    /// @return what the walk finds, which is `lock` unless another walk has come in between
    WalkLock declare(WalkLock lock) {
        if (onStack) {
            return lock;
        }
        Interleaving.write(interleaving, Shared.VARIABLE, ID, this);
        shared = lock;
        Interleaving.read(interleaving, Shared.VARIABLE, ID, this);
        return shared;
    }

    @Override
    public String toString() {
        return "madvise_free_walk_ops";
    }
}
