package io.janklab.workloads.program;

import io.janklab.sim.Simulation;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Reports on stderr where a run is whose virtual time has not advanced for a minute of host time; the run continues.
public final class Standstill implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long EVERY_S = 10;
    private static final int FRAMES = 3;
    private static final String OURS = "io.janklab.";
    private static final Set<Standstill> WATCHED = ConcurrentHashMap.newKeySet();

    static {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "standstill");
            thread.setDaemon(true);
            return thread;
        });
        Consumer<String> stderr = sentence -> System.err.println("janklab: " + sentence);
        var _ = watch.scheduleWithFixedDelay(() -> WATCHED.forEach(run -> run.look(System.nanoTime(), stderr)), EVERY_S, EVERY_S,
                TimeUnit.SECONDS);
    }

    private final String name;
    private final Simulation simulation;
    private final Thread thread = Thread.currentThread();
    private long seenAt;
    private long movedNs;

    /// @param hostNs of the host's clock
    Standstill(String name, Simulation simulation, long hostNs) {
        this.name = name;
        this.simulation = simulation;
        this.seenAt = simulation.now();
        this.movedNs = hostNs;
    }

    /// Watches the simulation that the calling thread is about to run, until closed.
    ///
    /// @param name such as `seed 1 on 6.17`
    public static Standstill watch(String name, Simulation simulation) {
        Standstill run = new Standstill(name, simulation, System.nanoTime());
        WATCHED.add(run);
        return run;
    }

    /// Tells `complain` once for each minute without progress.
    void look(long hostNs, Consumer<String> complain) {
        long now = simulation.now();
        if (now != seenAt) {
            seenAt = now;
            movedNs = hostNs;
        } else if (hostNs - movedNs >= PATIENCE_NS) {
            movedNs = hostNs;
            complain.accept(String.format(Locale.ROOT, "%s has stood at %.6f ms of virtual time for 60 s, in %s.", name,
                    now / 1e6, where()));
        }
    }

    private String where() {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .limit(FRAMES)
                .map(frame -> frame.getClassName().substring(OURS.length()) + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                .collect(Collectors.joining(", called by "));
    }

    @Override
    public void close() {
        WATCHED.remove(this);
    }
}
