package io.janklab.allocator.netty;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A simulated process whose threads are ordinary Java threads.
///
/// One lock guards the simulation. A thread that takes it lets virtual time pass until its own call has returned; calls of other threads
/// that wait at the lock begin with it, so they contend in virtual time as they would on the simulated cores. Work that needs neither the
/// kernel nor another thread is done at once, without the simulation, and paid for later. With a single calling thread runs are
/// reproducible; with several they depend on the host's scheduling.
final class HostedProcess {
    private static final long FOREVER = Long.MAX_VALUE - 1;
    /// A thread that has accumulated this much unpaid work pays before it does more.
    private static final int MOST_UNPAID = 1000;

    private final Kernel kernel;
    private final Process process;
    /// Virtual time (ns) that has passed outside when a call arrives, or always 0.
    private final LongSupplier outsideNs;
    private final Turnstile turnstile = new Turnstile();
    private final Queue<HostedThread> posted = new ConcurrentLinkedQueue<>();
    private final List<HostedThread> threads = new ArrayList<>();
    private final Current current = new Current();
    /// The thread that called last, if it is still on its core.
    private @Nullable HostedThread onCore;
    private Function<Task, ?> threadExit = task -> null;
    private Runnable afterRun = () -> {};
    private @Nullable RuntimeException broken;

    /// Which of the process's threads a Java thread is. A Java thread holds it weakly, lest it keep the whole machine alive.
    private static final class Current extends FastThreadLocal<WeakReference<HostedThread>> {
        @Override
        protected void onRemoval(WeakReference<HostedThread> removed) {
            HostedThread thread = removed.get();
            if (thread != null) {
                thread.process().end(thread);
            }
        }
    }

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

    /// The last action of each thread.
    void onThreadExit(Function<Task, ?> action) {
        threadExit = action;
    }

    /// The action after each run of simulated code.
    void afterRun(Runnable action) {
        afterRun = action;
    }

    // Calls

    /// Lets this Java thread act as its simulated thread until [#leave], without the simulation: it must not settle, no virtual time
    /// passes, and what it is charged is paid with its next call.
    Task enter() {
        HostedThread self = self();
        turnstile.enter();
        if (broken != null || self.countUnpaid() > MOST_UNPAID) {
            payInside(self);
        }
        return self.task();
    }

    void leave() {
        turnstile.leave();
    }

    private void payInside(HostedThread self) {
        try {
            pay(self);
        } catch (Throwable e) {
            turnstile.leave();
            throw e;
        }
    }

    /// Runs `action` as this Java thread's simulated thread, and returns its result or throws its exception.
    @SuppressWarnings("unchecked")
    <T> @Nullable T call(Function<Task, T> action) {
        HostedThread self = self();
        self.post(action);
        posted.add(self);
        turnstile.enter();
        try {
            if (!self.isDone()) {
                takeUp(self);
                finish(self);
            }
            return (T) self.result();
        } catch (Throwable e) {
            throw HostedProcess.<RuntimeException>unchecked(e);
        } finally {
            turnstile.leave();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }

    /// Catches up with the time outside, and takes up every call that was posted.
    private void takeUp(HostedThread self) {
        long outside = outsideNs.getAsLong();
        if (outside > kernel.simulation().now()) {
            runUntil(outside);
        } else if (onCore != self) {
            leaveCore();
        }
        onCore = self;
        self.stayOnCore(true);
        for (HostedThread thread = posted.poll(); thread != null; thread = posted.poll()) {
            thread.take();
        }
    }

    /// Lets time pass until the thread's call is done.
    private void finish(HostedThread thread) {
        while (thread.isBusy()) {
            run(FOREVER);
            if (kernel.simulation().now() >= FOREVER) {
                throw new IllegalStateException("a call of the simulated process never returns");
            }
        }
    }

    /// No other thread may occupy a core idly meanwhile: tasks queued behind it would never run.
    private void pay(HostedThread thread) {
        if (onCore != thread) {
            leaveCore();
        }
        thread.settle();
        finish(thread);
    }

    /// The last caller goes to sleep, and others may have its core.
    private void leaveCore() {
        if (onCore != null) {
            onCore.stayOnCore(false);
            pay(onCore);
            onCore = null;
        }
    }

    // Time

    private void run(long until) {
        checkWorks();
        try {
            kernel.run(until);
            afterRun.run();
        } catch (RuntimeException e) {
            broken = e;
            throw e;
        }
    }

    private void checkWorks() {
        if (broken != null) {
            throw new IllegalStateException("the simulated machine has broken down", broken);
        }
    }

    /// The machine continues by itself until virtual time `until`.
    private void runUntil(long until) {
        leaveCore();
        run(Math.max(until, kernel.simulation().now()));
    }

    /// Lets `ns` of virtual time pass.
    void passTime(long ns) {
        read(() -> {
            runUntil(Math.addExact(kernel.simulation().now(), ns));
            return null;
        });
    }

    /// Inspects the simulated machine while it stands still and no thread owes it time.
    <T> T read(Supplier<T> view) {
        return inside(() -> {
            for (HostedThread thread : threads) {
                if (thread.owesTime()) {
                    pay(thread);
                }
            }
            endOrphans();
            return view.get();
        });
    }

    private <T> T inside(Supplier<T> action) {
        turnstile.enter();
        try {
            return action.get();
        } finally {
            turnstile.leave();
        }
    }

    // Threads

    private HostedThread self() {
        WeakReference<HostedThread> known = current.get();
        HostedThread thread = known == null ? null : known.get();
        return thread == null ? newThread() : thread;
    }

    private HostedThread newThread() {
        return inside(() -> {
            endOrphans();
            HostedThread thread = new HostedThread(this, Thread.currentThread());
            String name = Thread.currentThread().getName();
            thread.start(process.spawn(name, TaskAttributes.normal(0), task -> thread.live(task, kernel.simulation())));
            threads.add(thread);
            current.set(new WeakReference<>(thread));
            return thread;
        });
    }

    /// One of Netty's own threads reports when it ends.
    void end(HostedThread thread) {
        inside(() -> {
            if (threads.remove(thread)) {
                exit(thread);
            }
            return null;
        });
    }

    /// The end of any other Java thread is not reported, so each new thread, and each inspection of the machine, checks which threads have
    /// ended.
    private void endOrphans() {
        List<HostedThread> orphans = threads.stream().filter(thread -> thread.isOrphaned() && thread.isDone()).toList();
        threads.removeAll(orphans);
        orphans.forEach(this::exit);
    }

    private void exit(HostedThread thread) {
        if (onCore == thread) {
            onCore = null;
        } else {
            leaveCore();
        }
        thread.exit(threadExit);
        finish(thread);
    }
}
