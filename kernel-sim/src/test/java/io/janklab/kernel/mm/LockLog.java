package io.janklab.kernel.mm;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;

/// Records every lock taken, released and downgraded: `+mmap_lock write`, `-mmap_lock read`, `downgraded mmap_lock`.
public class LockLog implements TraceListener {
    private final List<String> log = new ArrayList<>();

    private static String describe(TracedLock lock, LockMode mode) {
        return lock.lockClass().label() + " " + mode.label();
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        log.add("+" + describe(lock, mode));
    }

    @Override
    public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
        log.add("-" + describe(lock, mode));
    }

    @Override
    public void lockDowngraded(long now, TracedLock lock, TracedTask task) {
        log.add("downgraded " + lock.lockClass().label());
    }

    public List<String> log() {
        return log;
    }

    /// What was taken, in order.
    public List<String> taken() {
        return log.stream().filter(line -> line.startsWith("+")).map(line -> line.substring(1)).toList();
    }

    public void clear() {
        log.clear();
    }
}
