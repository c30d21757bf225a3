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
/// no schedule; it continues. Where it is in a user's own class at look after look, this is reported within seconds, and
/// [#endEndless] may end the process.
public final class Standstill implements AutoCloseable {
    private static final long PATIENCE_S = 45;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(PATIENCE_S);
    private static final int FRAMES = 3;
    private static final int LOOKS_IN_OWN = OwnClass.PATIENCE_S;
    private static final String OURS = "io.janklab.";
    private static final Set<Standstill> WATCHED = ConcurrentHashMap.newKeySet();

    /// What happens to a run whose user's own class does not return.
    private static volatile Consumer<String> endless = Standstill::complain;

    static {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "standstill");
            thread.setDaemon(true);
            return thread;
        });
        var _ = watch.scheduleWithFixedDelay(() -> WATCHED.forEach(run -> run.look(System.nanoTime(), Standstill::complain, endless)), 1, 1,
                TimeUnit.SECONDS);
    }

    private final String name;
    private final LongSupplier progress;
    private final LongFunction<String> inWords;
    private final Thread thread = Thread.currentThread();
    private final long patienceNs;
    /// Whether other threads do the work.
    private final boolean byOthers;
    private long seen;
    private long movedNs;
    /// Looks in a row that have found it in a user's own class.
    private int looksInOwn;

    /// @param inWords where it stands, of a value of `progress`
    /// @param patienceNs without progress, in ns of host time
    /// @param byOthers whether other threads than the caller's do the work
    /// @param hostNs of the host's clock
    Standstill(String name, LongSupplier progress, LongFunction<String> inWords, long patienceNs, boolean byOthers, long hostNs) {
        this.patienceNs = patienceNs;
        this.byOthers = byOthers;
        this.name = name;
        this.progress = progress;
        this.inWords = inWords;
        this.seen = progress.getAsLong();
        this.movedNs = hostNs;
    }

    /// Where a user's own class does not return, `end` is called with a sentence that says so, in place of a complaint.
    public static void endEndless(Consumer<String> end) {
        endless = end;
    }

    private static void complain(String sentence) {
        System.err.println("janklab: " + sentence);
    }

    /// Watches the simulation that the calling thread is about to run, until closed.
    ///
    /// @param name such as `seed 1 on 6.17`
    public static Standstill watch(String name, Simulation simulation) {
        return watch(name, simulation::now, Standstill::virtualTime, PATIENCE_NS, false);
    }

    /// As [#watch], of a run that may be held up at will: only for a user's own class that does not return.
    public static Standstill watchOwn(String name, Simulation simulation) {
        return watch(name, simulation::now, Standstill::virtualTime, Long.MAX_VALUE, false);
    }

    /// Watches an exploration until closed.
    ///
    /// @param schedules how many have ended
    public static Standstill watchSchedules(String name, LongSupplier schedules) {
        return watch(name, schedules, count -> String.format(Locale.ROOT, "%,d schedules", count), PATIENCE_NS, true);
    }

    private static Standstill watch(String name, LongSupplier progress, LongFunction<String> inWords, long patienceNs,
            boolean byOthers) {
        Standstill run = new Standstill(name, progress, inWords, patienceNs, byOthers, System.nanoTime());
        WATCHED.add(run);
        return run;
    }

    static String virtualTime(long ns) {
        return String.format(Locale.ROOT, "%.6f ms of virtual time", ns / 1e6);
    }

    /// Tells `complain` each time that patience ends without progress, and `end` once where a user's own class is why.
    void look(long hostNs, Consumer<String> complain, Consumer<String> end) {
        long now = progress.getAsLong();
        if (now != seen) {
            seen = now;
            movedNs = hostNs;
            looksInOwn = 0;
            return;
        }
        StackTraceElement[] stack = stack();
        looksInOwn = isInOwn(stack) ? looksInOwn + 1 : 0;
        if (looksInOwn == LOOKS_IN_OWN) {
            end.accept(OwnClass.endless(stack).orElseThrow() + " (" + name + ", at " + inWords.apply(now) + ").");
        } else if (looksInOwn < LOOKS_IN_OWN && hostNs - movedNs >= patienceNs) {
            movedNs = hostNs;
            complain.accept(name + " has stood at " + inWords.apply(now) + " for " + PATIENCE_S + " s, in " + where(stack) + ".");
        }
    }

    /// In a user's own class, if one is being executed by those who do the work.
    private StackTraceElement[] stack() {
        StackTraceElement[] waits = thread.getStackTrace();
        return byOthers
                ? Thread.getAllStackTraces().values().stream().filter(Standstill::isInOwn).findFirst().orElse(waits)
                : waits;
    }

    private static boolean isInOwn(StackTraceElement[] frames) {
        return Arrays.stream(frames).anyMatch(OwnClass::isOwn);
    }

    private static String where(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> OwnClass.isOwn(frame) || frame.getClassName().startsWith(OURS))
                .limit(FRAMES)
                .map(Standstill::place)
                .collect(Collectors.joining(", called by "));
    }

    private static String place(StackTraceElement frame) {
        return frame.getClassName().replace(OURS, "") + "." + frame.getMethodName() + ":" + frame.getLineNumber();
    }

    @Override
    public void close() {
        WATCHED.remove(this);
    }
}
