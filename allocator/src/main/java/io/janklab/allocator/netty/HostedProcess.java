package io.janklab.allocator.netty;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A simulated process whose threads are ordinary Java threads.
///
/// One lock guards the simulation. A thread that comes in lets virtual time pass until its own call has returned; calls of other threads
/// that wait at the lock begin with it, so they meet in virtual time as they would on the simulated cores. A single calling thread makes
/// the same things happen every time; several do as the host schedules them.
final class HostedProcess {
    private static final long FOREVER = Long.MAX_VALUE - 1;

    private final Kernel kernel;
    private final Process process;
    /// Virtual time (ns) that has passed outside when a call comes in, or always 0.
    private final LongSupplier outsideNs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<HostedThread> posted = new ConcurrentLinkedQueue<>();
    private final List<HostedThread> threads = new ArrayList<>();
    private final ThreadLocal<HostedThread> current = ThreadLocal.withInitial(this::newThread);
    private Function<Task, ?> threadExit = task -> null;
    private Runnable afterRun = () -> {};
    private RuntimeException broken;

    HostedProcess(Kernel kernel, String name, LongSupplier outsideNs) {
        this.kernel = kernel;
        this.process = kernel.createProcess(name);
        this.outsideNs = outsideNs;
    }

    Kernel kernel() {
        return kernel;
    }

    Process process() {
        return process;
    }

    /// What each thread does last.
    void onThreadExit(Function<Task, ?> action) {
        threadExit = action;
    }

    /// What is done whenever simulated code has run.
    void afterRun(Runnable action) {
        afterRun = action;
    }

    /// Does `action` as this Java thread's simulated thread, and returns what it returns or throws what it throws.
    @SuppressWarnings("unchecked")
    <T> T call(Function<Task, T> action) {
        HostedThread self = current.get();
        self.post(action);
        posted.add(self);
        lock.lock();
        try {
            enter();
            while (!self.isDone()) {
                run(FOREVER);
                if (kernel.simulation().now() >= FOREVER) {
                    throw new IllegalStateException("a call of the simulated process never returns");
                }
            }
            return (T) self.result();
        } catch (Throwable e) {
            throw HostedProcess.<RuntimeException>unchecked(e);
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }

    /// Catches up with the time outside, and takes up every call that was posted.
    private void enter() {
        run(Math.max(kernel.simulation().now(), outsideNs.getAsLong()));
        for (HostedThread thread = posted.poll(); thread != null; thread = posted.poll()) {
            thread.take();
        }
    }

    private void run(long until) {
        if (broken != null) {
            throw new IllegalStateException("the simulated machine has broken down", broken);
        }
        try {
            kernel.run(until);
            afterRun.run();
        } catch (RuntimeException e) {
            broken = e;
            throw e;
        }
    }

    /// Lets `ns` of virtual time pass.
    void passTime(long ns) {
        read(() -> {
            run(Math.addExact(kernel.simulation().now(), ns));
            return null;
        });
    }

    /// Looks at the simulated machine while it stands still.
    <T> T read(Supplier<T> view) {
        lock.lock();
        try {
            return view.get();
        } finally {
            lock.unlock();
        }
    }

    private HostedThread newThread() {
        return read(() -> {
            endOrphans();
            HostedThread thread = new HostedThread(Thread.currentThread());
            String name = Thread.currentThread().getName();
            thread.start(process.spawn(name, TaskAttributes.normal(0), task -> thread.live(task, kernel.simulation())));
            threads.add(thread);
            return thread;
        });
    }

    /// Nobody tells when a Java thread ends, so every new one looks who has gone.
    private void endOrphans() {
        for (Iterator<HostedThread> each = threads.iterator(); each.hasNext();) {
            HostedThread thread = each.next();
            if (thread.isOrphaned() && thread.isDone()) {
                thread.exit(threadExit);
                each.remove();
            }
        }
    }
}
