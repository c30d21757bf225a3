package io.janklab.workloads.host.contend;

import com.sun.management.OperatingSystemMXBean;
import io.janklab.workloads.host.calibrate.Calibration;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostPreemption;
import io.janklab.workloads.host.sys.OwnThread;
import io.janklab.workloads.host.sys.ReservedCore;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures contention workloads on this host, which should have nothing else to do, and between them what its kernel's steps cost.
final class ContentionMeasurement {
    private static final long WARM_UP_NS = 20_000_000;
    /// Workloads in whose run something else had the victim's core run again after all the others, for a host's other guests are busy for
    /// minutes; the least disturbed run counts.
    private static final int MOST_RUNS = 3;
    /// The part of a run that may go to something else.
    private static final double DISTURBED = 0.003;
    /// Costs are measured before, after, and in between each time so many workloads have run, since hosts drift.
    private static final int CALIBRATE_EVERY = 54;

    private final int cores = Runtime.getRuntime().availableProcessors();
    private final long durationNs;
    private final Runnable progress;
    private final List<Calibration> calibrations = new ArrayList<>();
    private final Map<Contention, Run> least = new LinkedHashMap<>();
    private int runs;

    /// @param disturbance the part of the time that something else had the victim's core
    private record Run(Latencies latencies, double disturbance) {
        boolean isDisturbed() {
            return disturbance > DISTURBED;
        }
    }

    /// @param progress told when a workload need not run again
    ContentionMeasurement(long durationNs, Runnable progress) {
        this.durationNs = durationNs;
        this.progress = progress;
    }

    void measure(List<Contention> workloads) {
        ReservedCore.reserve(Contention.CORE_OF_VICTIM, cores);
        warmUp();
        List<Contention> left = workloads;
        for (int pass = 1; pass <= MOST_RUNS; pass++) {
            left.forEach(this::run);
            left = left.stream().filter(contention -> least.get(contention).isDisturbed()).toList();
        }
        left.forEach(contention -> progress.run());
        calibrate();
    }

    /// Until the JVM has compiled what will be timed.
    private void warmUp() {
        for (Contention contention : Contention.all()) {
            if (contention.mebibytes() == 1) {
                new RealContention(contention, cores).run(WARM_UP_NS);
            }
        }
    }

    private void run(Contention contention) {
        if (runs++ % CALIBRATE_EVERY == 0) {
            calibrate();
        }
        RealContention real = new RealContention(contention, cores);
        Run run = new Run(Latencies.of(real.run(durationNs)), real.disturbance(durationNs));
        least.merge(contention, run, (before, now) -> now.disturbance < before.disturbance ? now : before);
        if (!run.isDisturbed()) {
            progress.run();
        }
    }

    private void calibrate() {
        calibrations.add(Calibration.onCore(calibrations.size() % cores, cores));
    }

    ContentionRuns runs(HostKernel host) {
        Map<Contention, Latencies> measured = new LinkedHashMap<>();
        least.forEach((contention, run) -> measured.put(contention, run.latencies));
        return new ContentionRuns(host.release(), host.architecture(), HostPreemption.current(), cores, memoryBytes(), durationNs,
                Calibration.together(calibrations).costs(), touchNs(), measured);
    }

    private static long memoryBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    /// What a purger's stores to its memory take when all of it is there.
    private Map<String, Long> touchNs() {
        Map<String, Long> touchNs = new LinkedHashMap<>();
        for (Contention contention : Contention.all()) {
            touchNs.computeIfAbsent(contention.purged(), purged -> OwnThread.run(() -> new RealContention(contention, cores).touchNs()));
        }
        return touchNs;
    }

    /// Why the measurements are not to be trusted, a sentence each.
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Calibration.together(calibrations).warning().ifPresent(warnings::add);
        long disturbed = least.values().stream().filter(Run::isDisturbed).count();
        if (disturbed > 0) {
            warnings.add(String.format(Locale.ROOT, "In %d of %d workloads something else had the victim's core for over %.1f %% of the time, in %d attempts each.",
                    disturbed, least.size(), DISTURBED * 100, MOST_RUNS));
        }
        return warnings;
    }
}
