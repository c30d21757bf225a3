package io.janklab.kernel.lock.policy;

import io.janklab.kernel.trace.LockMode;
import java.util.List;

/// A vendor hook (`android_vh_alter_rwsem_list_add` and its kin): a more urgent writer queues ahead of less urgent waiters unless the first
/// has waited over 5 s, and lends its priority to a **writer** that holds the lock; readers, which the lock cannot name, are not boosted.
public final class WriterBoost extends Linux {
    private static final long MOST_OVERTAKEN_NS = 5_000_000_000L;

    @Override
    public int place(List<? extends Waiter> queue, Waiter waiter) {
        boolean overtakes = waiter.isWriter() && !queue.isEmpty() && queue.getFirst().overdueNs() <= MOST_OVERTAKEN_NS;
        return overtakes ? ByPriority.place(queue, waiter) : queue.size();
    }

    @Override
    public boolean lendsTo(LockMode held) {
        return held == LockMode.WRITE;
    }
}
