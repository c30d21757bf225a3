package io.janklab.kernel.lock.policy;

import io.janklab.kernel.trace.LockMode;

/// Proxy execution (Linux 6.17's for mutexes, `CONFIG_SCHED_PROXY_EXEC`, applied to rw_semaphores): a task that waits for a writer lets it
/// run in its stead. The order of the queue stays Linux's. Readers cannot run in a waiter's stead, since the lock does not know them.
///
/// **Caveats.** Only the priority is lent; the holder stays on the cores of its own cpuset, as in Linux, where donors move to it.
public final class Proxy extends Linux {
    @Override
    public boolean lendsTo(LockMode held) {
        return held == LockMode.WRITE;
    }
}
