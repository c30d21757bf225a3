package io.janklab.allocator.netty;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
import io.janklab.sim.Simulation;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A Java thread's simulated counterpart. Between calls it is on its core if it was the last to call, else asleep. Everything but [#post]
/// happens under the process's lock.
final class HostedThread {
    private final HostedProcess process;
    private final WeakReference<Thread> host;
    private @Nullable Task task;
    private @Nullable Function<Task, ?> posted;
    private @Nullable Function<Task, ?> action;
    private @Nullable Object result;
    private @Nullable Throwable failure;
    private boolean staysOnCore;
    private boolean paused;
    private boolean exiting;
    private int unpaid;

    HostedThread(HostedProcess process, Thread host) {
        this.process = process;
        this.host = new WeakReference<>(host);
    }

    void start(Task simulated) {
        task = simulated;
    }

    HostedProcess process() {
        return process;
    }

    /// The simulated thread, once it has been started.
    Task task() {
        return Objects.requireNonNull(task);
    }

    /// Whether the Java thread has ended.
    boolean isOrphaned() {
        Thread thread = host.get();
        return thread == null || !thread.isAlive();
    }

    /// Leaves a call for [#take]; by the Java thread, before it has the lock.
    void post(Function<Task, ?> call) {
        posted = call;
    }

    /// Takes up the call that was posted.
    void take() {
        Function<Task, ?> call = Objects.requireNonNull(posted);
        posted = null;
        begin(call);
    }

    private void begin(Function<Task, ?> call) {
        action = call;
        result = null;
        failure = null;
        unpaid = 0;
        if (paused) {
            paused = false;
            task().proceed();
        } else {
            task().wake(null);
        }
    }

    /// Whether it stays on its core when its call is done.
    void stayOnCore(boolean stays) {
        staysOnCore = stays;
    }

    /// Pays for what it has done since its last call, and then stays on its core or sleeps, as [#stayOnCore] says.
    void settle() {
        begin(task -> null);
    }

    /// Ends the simulated thread after this last call.
    void exit(Function<Task, ?> call) {
        exiting = true;
        begin(call);
    }

    /// Whether it has no call left to take up or complete.
    boolean isDone() {
        return posted == null && !isBusy();
    }

    boolean isBusy() {
        return action != null;
    }

    /// Counts work done outside of a call and not yet paid for.
    int countUnpaid() {
        return ++unpaid;
    }

    boolean owesTime() {
        return unpaid > 0;
    }

    /// The result of the last call, or what it threw.
    @Nullable Object result() throws Throwable {
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    /// The simulated thread's body.
    void live(Task self, Simulation simulation) {
        while (!exiting || action != null) {
            if (action != null) {
                perform(self, action);
                self.settle();
                action = null;
                simulation.stop();
            } else if (staysOnCore) {
                paused = true;
                self.pause();
            } else {
                self.settle();
                self.block(TaskState.INTERRUPTIBLE);
            }
        }
    }

    /// An exception of the call concerns the Java thread only: the simulated one continues.
    private void perform(Task self, Function<Task, ?> call) {
        try {
            result = call.apply(self);
        } catch (RuntimeException | OutOfMemoryError e) {
            failure = e;
        }
    }
}
