package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import java.util.List;

/// An rw_semaphore as a policy sees it.
public interface Rwsem {
    LockClass lockClass();

    /// The task that holds it for writing; null if none does.
    Task writer();

    /// How many hold it for reading. Who they are Linux does not know.
    int readers();

    default boolean isLocked() {
        return writer() != null || readers() > 0;
    }

    /// Whether the last one to take it was a reader, who may have left.
    boolean isReaderOwned();

    /// Whether hand-off has been asked for.
    boolean isHandoff();

    /// Whether spinning on readers was in vain, and has not been made worthwhile again since (`RWSEM_NONSPINNABLE`).
    boolean isNonspinnable();

    /// Those who queue, first come first.
    List<? extends Waiter> waiters();
}
