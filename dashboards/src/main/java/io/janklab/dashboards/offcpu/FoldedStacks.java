package io.janklab.dashboards.offcpu;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Off-CPU time of every thread, folded: `process/task;call;lock;holder microseconds`, a line for each stack, as flamegraph.pl and
/// speedscope read them.
///
/// `call` is the system call the task was in, `page_fault` for a fault, or `user`. A task that does not wait for a lock has
/// `asleep;woken by WHOM`, `I/O;woken by WHOM` or `waits for a CPU` in the lock's and the holder's place.
public final class FoldedStacks implements TraceListener {
    private static final long NS_PER_US = 1_000;
    private static final String INTERRUPT = "a timer or an interrupt";

    private static final Set<String> FRAME_SLICES = Set.of("Choreographer#doFrame", "DrawFrames");

    /// Which stacks a file has: most of all the time is that of threads with nothing to do.
    public enum Part {
        ALL(""),
        APP("-app"),
        FRAMES("-frames"),
        LOCKS("-locks");

        private final String suffix;

        Part(String suffix) {
            this.suffix = suffix;
        }

        /// In a file's name.
        public String suffix() {
            return suffix;
        }
    }

    private final String app;
    private final Map<String, Long> ns = new TreeMap<>();
    private final Map<Part, Map<String, Long>> parts = new EnumMap<>(Part.class);
    private final Map<TracedTask, OffCpu> tasks = new IdentityHashMap<>();
    private final Map<TracedLock, LockUsers> locks = new IdentityHashMap<>();

    /// The holders of a lock and its waiters; kept while there are any.
    private static final class LockUsers {
        private final List<TracedTask> holders = new ArrayList<>(2);
        private final List<OffCpu> waiters = new ArrayList<>(2);
    }

    private record Wait(TracedLock lock, LockMode mode) {}

    /// One task: since when it has been doing what it does.
    private static final class OffCpu {
        private final TracedTask task;
        private TaskState state = TaskState.RUNNABLE;
        private long since;
        private @Nullable Wait wait;
        /// How many slices it is inside of, from that of a frame on.
        private int slices;

        private OffCpu(TracedTask task, long since) {
            this.task = task;
            this.since = since;
        }
    }

    /// @param app the name of the app's process
    public FoldedStacks(String app) {
        this.app = app;
        for (Part part : Part.values()) {
            parts.put(part, part == Part.ALL ? ns : new TreeMap<>());
        }
    }

    private OffCpu of(TracedTask task, long now) {
        return tasks.computeIfAbsent(task, unknown -> new OffCpu(task, now));
    }

    /// Time by stack, in the order of the stacks.
    Map<String, Long> nsOf(Part part) {
        return Objects.requireNonNull(parts.get(part));
    }

    private LockUsers users(TracedLock lock) {
        return locks.computeIfAbsent(lock, unknown -> new LockUsers());
    }

    @Override
    public void taskNew(long now, TracedTask task) {
        of(task, now);
    }

    @Override
    public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
        if (prev != null) {
            enter(of(prev, now), prevState, now, null);
        }
        if (next != null) {
            enter(of(next, now), TaskState.RUNNING, now, INTERRUPT);
        }
    }

    @Override
    public void schedWaking(long now, @Nullable TracedTask waker, TracedTask task, int targetCpu) {
        OffCpu sleeper = of(task, now);
        if (sleeper.state != TaskState.RUNNING) {
            enter(sleeper, TaskState.RUNNABLE, now, waker == null ? INTERRUPT : waker.name());
        }
    }

    /// Counts the time since the last change under the old state, then is in `next`.
    ///
    /// @param waker the task that ended a sleep; null if none did
    private void enter(OffCpu task, TaskState next, long now, @Nullable String waker) {
        count(task, now, waker);
        task.state = next;
    }

    private void count(OffCpu task, long now, @Nullable String waker) {
        if (task.state != TaskState.RUNNING && task.state != TaskState.DEAD && now > task.since) {
            add(task, stack(task, waker), now - task.since);
        }
        task.since = now;
    }

    private void add(OffCpu task, String stack, long spentNs) {
        ns.merge(stack, spentNs, Long::sum);
        if (task.task.processName().equals(app)) {
            nsOf(Part.APP).merge(stack, spentNs, Long::sum);
            if (task.slices > 0) {
                nsOf(Part.FRAMES).merge(stack, spentNs, Long::sum);
            }
            if (task.wait != null) {
                nsOf(Part.LOCKS).merge(stack, spentNs, Long::sum);
            }
        }
    }

    @Override
    public void sliceBegin(long now, TracedTask task, String name, long argument) {
        OffCpu inside = of(task, now);
        if (inside.slices > 0 || FRAME_SLICES.contains(name)) {
            inside.slices++;
        }
    }

    @Override
    public void sliceEnd(long now, TracedTask task) {
        OffCpu inside = of(task, now);
        inside.slices = Math.max(0, inside.slices - 1);
    }

    private String stack(OffCpu task, @Nullable String waker) {
        return frame(task.task.processName() + "/" + task.task.name()) + ";" + frame(call(task)) + ";" + reason(task, waker);
    }

    /// Outside of system calls the kernel is entered by a fault only.
    private static String call(OffCpu task) {
        if (task.task.systemCall() != null) {
            return task.task.systemCall();
        }
        boolean forKernelLock = task.wait != null && task.wait.lock.lockClass() != LockClass.FUTEX;
        return forKernelLock || task.state == TaskState.UNINTERRUPTIBLE ? "page_fault" : "user";
    }

    private String reason(OffCpu task, @Nullable String waker) {
        if (task.wait != null && task.state != TaskState.RUNNABLE) {
            return frame(task.wait.lock.inWords(task.wait.mode)) + ";" + frame(holder(task.wait.lock));
        }
        return switch (task.state) {
            case RUNNING, RUNNABLE, DEAD -> "waits for a CPU";
            case INTERRUPTIBLE -> "asleep;" + wokenBy(waker);
            case UNINTERRUPTIBLE -> "I/O;" + wokenBy(waker);
        };
    }

    private static String wokenBy(@Nullable String waker) {
        return waker == null ? "never woken" : "woken by " + frame(waker);
    }

    /// The first holder; a waiter for a free lock has yet to be let in.
    private String holder(TracedLock lock) {
        List<TracedTask> holders = users(lock).holders;
        return holders.isEmpty() ? "nobody" : holders.getFirst().name();
    }

    /// Semicolons separate frames, and the last blank the count.
    private static String frame(String text) {
        return text.replace(';', ',').replace('\n', ' ');
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        OffCpu waiter = of(task, now);
        count(waiter, now, null);
        waiter.wait = new Wait(lock, mode);
        users(lock).waiters.add(waiter);
    }

    @Override
    public void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {
        waitEnds(now, lock, of(task, now));
        forgetIfUnused(lock);
    }

    private void waitEnds(long now, TracedLock lock, OffCpu waiter) {
        if (waiter.wait != null && waiter.wait.lock == lock) {
            count(waiter, now, null);
            waiter.wait = null;
            users(lock).waiters.remove(waiter);
        }
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        waitEnds(now, lock, of(task, now));
        countWaiters(now, lock);
        users(lock).holders.add(task);
    }

    @Override
    public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
        countWaiters(now, lock);
        users(lock).holders.remove(task);
        forgetIfUnused(lock);
    }

    /// The lock is about to change hands: time so far is counted under the old ones.
    private void countWaiters(long now, TracedLock lock) {
        users(lock).waiters.forEach(waiter -> count(waiter, now, null));
    }

    private void forgetIfUnused(TracedLock lock) {
        LockUsers users = users(lock);
        if (users.holders.isEmpty() && users.waiters.isEmpty()) {
            locks.remove(lock);
        }
    }

    /// Counts the states that last until `now`, the end of the run.
    public void finish(long now) {
        tasks.values().forEach(task -> count(task, now, null));
    }

    /// @param mark what follows each task's name; empty for nothing
    /// @throws IOException if the file cannot be written; there is then none
    public void write(Path file, Part part, String mark) throws IOException {
        AtomicFile.write(file, out -> {
            for (Map.Entry<String, Long> stack : nsOf(part).entrySet()) {
                long us = Math.round((double) stack.getValue() / NS_PER_US);
                int semicolon = stack.getKey().indexOf(';');
                int task = semicolon < 0 ? stack.getKey().length() : semicolon;
                String marked = stack.getKey().substring(0, task) + mark + stack.getKey().substring(task);
                out.write((marked + " " + us + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }
}
