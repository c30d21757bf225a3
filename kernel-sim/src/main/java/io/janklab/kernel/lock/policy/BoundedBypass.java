package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;
import java.util.List;

/// Writers first, but not for ever: a writer queues ahead of the readers that wait, each of which is passed by at most four.
///
/// No reader steals the lock from a writer that waits for it.
public final class BoundedBypass extends Linux {
    private static final int MOST_BYPASSED = 4;

    @Override
    public boolean readerMayTake(Rwsem lock, Task reader) {
        return super.readerMayTake(lock, reader) && lock.waiters().stream().noneMatch(Waiter::isWriter);
    }

    @Override
    public int place(List<? extends Waiter> queue, Waiter waiter) {
        int place = queue.size();
        while (waiter.isWriter() && place > 0 && yields(queue.get(place - 1))) {
            place--;
        }
        return place;
    }

    private static boolean yields(Waiter reader) {
        return !reader.isWriter() && !reader.hasHandoff() && reader.bypassed() < MOST_BYPASSED;
    }
}
