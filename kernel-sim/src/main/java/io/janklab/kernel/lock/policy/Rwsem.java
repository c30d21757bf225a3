package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An rw_semaphore as a policy sees it.
public interface Rwsem {
    LockClass lockClass();

    /// The task that holds it for writing, or null.
    @Nullable Task writer();

    /// How many tasks hold it for reading. Linux does not know which.
    int readers();

    default boolean isLocked() {
        return writer() != null || readers() > 0;
    }

    /// Whether the last task to take it was a reader, which may have left.
    boolean isReaderOwned();

    /// Whether hand-off has been asked for.
    boolean isHandoff();

    /// Whether spinning on readers was in vain and has not been re-enabled since (`RWSEM_NONSPINNABLE`).
    boolean isNonspinnable();

    /// The waiters, first come first.
    List<? extends Waiter> waiters();
}
