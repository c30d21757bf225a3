package io.janklab.workloads.host.conform;

import io.janklab.workloads.host.conform.Divergence.Aspect;
import io.janklab.workloads.host.program.SyscallProgram;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reports when the simulated kernel is caught in an endless loop, and where, rather than waiting for ever.
public final class Watchdog {
    private static final long POLL_MS = 100;

    private final long patienceNs;
    private volatile @Nullable SyscallProgram program;
    private volatile int step;
    private volatile long began;
    private volatile @Nullable String outcome;
    private volatile @Nullable Throwable failure;

    /// A call that takes 20 s will not return.
    public Watchdog() {
        this(TimeUnit.SECONDS.toNanos(20));
    }

    Watchdog(long patienceNs) {
        this.patienceNs = patienceNs;
    }

    /// The simulated side begins the call.
    void begin(SyscallProgram running, int call) {
        step = call;
        began = System.nanoTime();
        program = running;
    }

    void end() {
        program = null;
    }

    /// Runs `job` on a thread of its own, which is abandoned if it gets caught.
    ///
    /// @return what the job returns, or the script of the program that the simulated kernel does not return from
    public @Nullable String watch(Supplier<String> job) {
        Thread worker = Thread.ofPlatform().daemon().name("conform").start(() -> {
            try {
                outcome = job.get();
            } catch (Throwable thrown) {
                failure = thrown;
            }
        });
        try {
            while (!worker.join(Duration.ofMillis(POLL_MS))) {
                SyscallProgram running = program;
                if (running != null && System.nanoTime() - began > patienceNs) {
                    return stuck(running, worker).script();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return outcome;
    }

    private Divergence stuck(SyscallProgram running, Thread worker) {
        SyscallProgram begun = new SyscallProgram(running.calls().subList(0, step + 1));
        return new Divergence(begun, step, Aspect.CRASH, "returned", "has not returned for " + TimeUnit.NANOSECONDS.toSeconds(patienceNs)
                + " s\n" + kernelFrames(worker.getStackTrace()));
    }

    /// The frames inside the simulated kernel, a line each.
    static String kernelFrames(StackTraceElement[] frames) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : frames) {
            if (frame.getClassName().startsWith("io.janklab.kernel")) {
                text.append("  at ").append(frame).append('\n');
            }
        }
        return text.toString();
    }
}
