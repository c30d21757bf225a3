package io.janklab.kernel.lock.policy;

import io.janklab.kernel.trace.LockMode;

/// Proxy execution (Linux 6.17's for mutexes, `CONFIG_SCHED_PROXY_EXEC`, taken over to rw_semaphores): a task that waits for a writer lets
/// it run in its stead. The order of the queue stays Linux's. Readers cannot run in somebody's stead, since the lock does not know them.
///
/// **Caveats.** What is lent is the priority; the holder stays on the cores its own cpuset allows, as Linux's donors move to it.
public final class Proxy extends Linux {
    @Override
    public boolean lendsTo(LockMode held) {
        return held == LockMode.WRITE;
    }
}
