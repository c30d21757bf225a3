package io.janklab.allocator.netty;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
import io.janklab.sim.Simulation;
import java.lang.ref.WeakReference;
import java.util.function.Function;

/// A Java thread in its second life as a simulated one. It sleeps between calls. Everything but [#post] happens under the process's lock.
final class HostedThread {
    private final WeakReference<Thread> host;
    private Task task;
    private Function<Task, ?> posted;
    private Function<Task, ?> action;
    private Object result;
    private Throwable failure;
    private boolean exiting;

    HostedThread(Thread host) {
        this.host = new WeakReference<>(host);
    }

    void start(Task simulated) {
        task = simulated;
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
        action = posted;
        posted = null;
        result = null;
        failure = null;
        task.wake(null);
    }

    /// Ends the simulated thread after this last call.
    void exit(Function<Task, ?> call) {
        exiting = true;
        post(call);
        take();
    }

    boolean isDone() {
        return action == null;
    }

    /// What the last call returned, or threw.
    Object result() throws Throwable {
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    /// The simulated thread's body.
    void live(Task self, Simulation simulation) {
        while (!exiting || action != null) {
            if (action == null) {
                self.settle();
                self.block(TaskState.INTERRUPTIBLE);
            } else {
                perform(self);
                self.settle();
                action = null;
                simulation.stop();
            }
        }
    }

    /// What the call throws is the Java thread's affair: the simulated one goes on.
    private void perform(Task self) {
        try {
            result = action.apply(self);
        } catch (RuntimeException | OutOfMemoryError e) {
            failure = e;
        }
    }
}
