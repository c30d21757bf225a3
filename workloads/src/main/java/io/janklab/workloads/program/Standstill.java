package io.janklab.workloads.program;

import io.janklab.sim.Simulation;
import io.janklab.workloads.input.OwnClass;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Reports on stderr where a run is whose virtual time has not advanced for most of a minute of host time, or an exploration that has ended
/// no schedule; it continues.
public final class Standstill implements AutoCloseable {
    /// With the time between two looks less than a minute.
    private static final long PATIENCE_S = 45;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(PATIENCE_S);
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
    private final LongSupplier progress;
    private final LongFunction<String> inWords;
    private final Thread thread = Thread.currentThread();
    private long seen;
    private long movedNs;

    /// @param inWords where it stands, of a value of `progress`
    /// @param hostNs of the host's clock
    Standstill(String name, LongSupplier progress, LongFunction<String> inWords, long hostNs) {
        this.name = name;
        this.progress = progress;
        this.inWords = inWords;
        this.seen = progress.getAsLong();
        this.movedNs = hostNs;
    }

    /// Watches the simulation that the calling thread is about to run, until closed.
    ///
    /// @param name such as `seed 1 on 6.17`
    public static Standstill watch(String name, Simulation simulation) {
        return watch(name, simulation::now, Standstill::virtualTime);
    }

    /// Watches an exploration until closed.
    ///
    /// @param schedules how many have ended
    public static Standstill watchSchedules(String name, LongSupplier schedules) {
        return watch(name, schedules, count -> String.format(Locale.ROOT, "%,d schedules", count));
    }

    private static Standstill watch(String name, LongSupplier progress, LongFunction<String> inWords) {
        Standstill run = new Standstill(name, progress, inWords, System.nanoTime());
        WATCHED.add(run);
        return run;
    }

    static String virtualTime(long ns) {
        return String.format(Locale.ROOT, "%.6f ms of virtual time", ns / 1e6);
    }

    /// Tells `complain` each time that patience ends without progress.
    void look(long hostNs, Consumer<String> complain) {
        long now = progress.getAsLong();
        if (now != seen) {
            seen = now;
            movedNs = hostNs;
        } else if (hostNs - movedNs >= PATIENCE_NS) {
            movedNs = hostNs;
            complain.accept(name + " has stood at " + inWords.apply(now) + " for " + PATIENCE_S + " s, in " + where() + ".");
        }
    }

    /// In a part of the user's own, if one is being executed: threads that explore are not those that wait for them.
    private String where() {
        StackTraceElement[] own = thread.getStackTrace();
        if (!isInOwn(own)) {
            own = Thread.getAllStackTraces().values().stream().filter(Standstill::isInOwn).findFirst().orElse(own);
        }
        return Arrays.stream(own)
                .filter(frame -> OwnClass.isOwn(frame) || frame.getClassName().startsWith(OURS))
                .limit(FRAMES)
                .map(Standstill::place)
                .collect(Collectors.joining(", called by "));
    }

    private static boolean isInOwn(StackTraceElement[] frames) {
        return Arrays.stream(frames).anyMatch(OwnClass::isOwn);
    }

    private static String place(StackTraceElement frame) {
        return frame.getClassName().replace(OURS, "") + "." + frame.getMethodName() + ":" + frame.getLineNumber();
    }

    @Override
    public void close() {
        WATCHED.remove(this);
    }
}
