package io.janklab.kernel.lock.policy;

import io.janklab.kernel.trace.LockMode;
import java.util.List;

/// Priority inheritance: waiters queue by priority and lend theirs to every holder, readers included, along the chain.
public final class Inherit extends Linux {
    @Override
    public int place(List<? extends Waiter> queue, Waiter waiter) {
        return ByPriority.place(queue, waiter);
    }

    @Override
    public boolean lendsTo(LockMode held) {
        return true;
    }
}
