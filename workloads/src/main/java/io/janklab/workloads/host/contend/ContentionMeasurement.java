package io.janklab.workloads.host.contend;

import com.sun.management.OperatingSystemMXBean;
import io.janklab.workloads.host.calibrate.Calibration;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostPreemption;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.OwnThread;
import io.janklab.workloads.host.sys.ReservedCore;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Measures contention workloads on this host, which should have nothing else to do, and between them what its kernel's steps cost.
final class ContentionMeasurement {
    private static final long WARM_UP_NS = 20_000_000;
    /// Every workload is measured twice, to know how far two measurements lie apart. Those during which something else had the victim's
    /// core are repeated after all the others, since a host's other guests are busy for minutes; the two least disturbed runs count.
    private static final int RUNS = 2;
    private static final int MOST_RUNS = 3;
    /// The part of a run that may go to something else.
    private static final double DISTURBED = 0.003;
    /// Costs are measured before, after, and after every few workloads, since hosts drift.
    private static final int CALIBRATE_EVERY = 54;

    private final int cores = Runtime.getRuntime().availableProcessors();
    private final long durationNs;
    private final Runnable progress;
    private final long deadline;
    private final List<Calibration> calibrations = new ArrayList<>();
    private final Map<Contention, Run> least = new LinkedHashMap<>();
    private final Map<Contention, Run> second = new LinkedHashMap<>();
    private final Map<String, Long> touchNs = new LinkedHashMap<>();
    private int runs;

    /// @param disturbance the part of the time that something else had the victim's core or a purger's
    private record Run(OperationLatencies latencies, double disturbance) {
        boolean isDisturbed() {
            return disturbance > DISTURBED;
        }
    }

    /// @param deadline in terms of [System#nanoTime]: nothing is measured again after it
    /// @param progress called for each workload when it has first run
    ContentionMeasurement(long durationNs, long deadline, Runnable progress) {
        this.durationNs = durationNs;
        this.deadline = deadline;
        this.progress = progress;
    }

    /// @param possible every workload that this host can run, `workloads` among them
    void measure(List<Contention> workloads, List<Contention> possible) {
        ReservedCore.reserve(Contention.CORE_OF_VICTIM, cores);
        warmUp(possible);
        touch(workloads);
        calibrate();
        for (Contention contention : workloads) {
            run(contention);
            progress.run();
        }
        calibrate();
        for (int pass = 2; pass <= MOST_RUNS; pass++) {
            boolean all = pass <= RUNS;
            workloads.stream().filter(contention -> all || isDisturbed(contention))
                    .takeWhile(contention -> System.nanoTime() - deadline < 0).forEach(this::run);
        }
        calibrate();
    }

    /// Until the JVM has compiled what will be timed.
    private void warmUp(List<Contention> possible) {
        for (Contention contention : possible) {
            if (contention.mebibytes() == 1) {
                new RealContention(contention, cores).run(WARM_UP_NS);
            }
        }
    }

    private void run(Contention contention) {
        if (++runs % CALIBRATE_EVERY == 0) {
            calibrate();
        }
        RealContention real = new RealContention(contention, cores);
        Run run = new Run(OperationLatencies.of(real.run(durationNs)), real.disturbance(durationNs));
        keep(contention, run);
    }

    private synchronized void keep(Contention contention, Run run) {
        Run before = least.get(contention);
        if (before == null) {
            least.put(contention, run);
            return;
        }
        boolean isLeast = run.disturbance < before.disturbance;
        least.put(contention, isLeast ? run : before);
        second.merge(contention, isLeast ? before : run, (old, now) -> now.disturbance < old.disturbance ? now : old);
    }

    private synchronized boolean isDisturbed(Contention contention) {
        return Objects.requireNonNull(least.get(contention)).isDisturbed();
    }

    private void calibrate() {
        Calibration calibration = Calibration.onCore(calibrations.size() % cores, cores);
        synchronized (this) {
            calibrations.add(calibration);
        }
    }

    /// The results so far; may be called by any thread.
    ///
    /// @return null if nothing can be predicted from it yet
    synchronized @Nullable ContentionRuns runs(HostKernel host, HostProperties properties) {
        return calibrations.isEmpty() || least.isEmpty() ? null : runs(host, properties, least);
    }

    /// The second measurement of each workload that has one.
    synchronized ContentionRuns secondRuns(HostKernel host, HostProperties properties) {
        return runs(host, properties, second);
    }

    private ContentionRuns runs(HostKernel host, HostProperties properties, Map<Contention, Run> of) {
        Map<Contention, OperationLatencies> measured = new LinkedHashMap<>();
        of.forEach((contention, run) -> measured.put(contention, run.latencies));
        return new ContentionRuns(host.release(), host.architecture(), properties, HostPreemption.current(), cores,
                memoryBytes(), durationNs,
                Calibration.together(calibrations).costs(), touchNs, measured);
    }

    /// Workloads in all of whose runs something else had a core.
    synchronized long disturbed() {
        return least.values().stream().filter(Run::isDisturbed).count();
    }

    private static long memoryBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    /// The time of a purger's stores to its memory when all of it is resident.
    private void touch(List<Contention> workloads) {
        for (Contention contention : workloads) {
            touchNs.computeIfAbsent(contention.purged(), purged -> OwnThread.run(() -> new RealContention(contention, cores).touchNs()));
        }
    }

    /// Why the measurements are unreliable, a sentence each.
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Calibration.together(calibrations).warning().ifPresent(warnings::add);
        long disturbed = disturbed();
        if (disturbed > 0) {
            warnings.add(String.format(Locale.ROOT,
                    "In %d of %d workloads something else had the victim's core or a purger's for over %.1f %% of the time, in every "
                    + "attempt.",
                    disturbed, least.size(), DISTURBED * 100));
        }
        return warnings;
    }
}
