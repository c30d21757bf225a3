package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.CounterRange;
import io.janklab.dashboards.measure.result.FaultCounts;
import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.measure.result.Inversion;
import io.janklab.dashboards.measure.result.LatestFrames;
import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.dashboards.measure.result.MadviseCounts;
import io.janklab.dashboards.measure.result.MemoryUse;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.measure.result.TaskTimes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One kernel over all seeds. Frames are pooled, counts and times added, memory figures are the highest of any seed.
///
/// @param switches every switch of the kernel and its value
/// @param runs in the order of the experiment's seeds
/// @param command that makes its runs, for a shell, without `--seed`; null if unknown
public record KernelResult(String name, Map<String, String> switches, List<SeedRun> runs, @Nullable String command) {
    public KernelResult {
        switches = Collections.unmodifiableMap(new LinkedHashMap<>(switches));
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("kernel " + name + " has no runs");
        }
    }

    public KernelResult(String name, Map<String, String> switches, List<SeedRun> runs) {
        this(name, switches, runs, null);
    }

    /// The run of that seed; null if there is none.
    public @Nullable SeedRun run(long seed) {
        return runs.stream().filter(run -> run.seed() == seed).findFirst().orElse(null);
    }

    /// The command that repeats a late frame's run, with a trace of the time around its latest frames; empty if unknown.
    public String commandFor(SeedFrame late) {
        return command == null ? "" : command + " --seed " + late.seed() + " --trace-window 20";
    }

    public List<RunMeasurement> measurements() {
        return runs.stream().map(SeedRun::measurement).toList();
    }

    public FrameTimes frames() {
        return FrameTimes.pooled(measurements().stream().map(RunMeasurement::frames).toList());
    }

    public MadviseCounts madvise() {
        return reduce(RunMeasurement::madvise, MadviseCounts::plus);
    }

    public FaultCounts faults() {
        return reduce(RunMeasurement::faults, FaultCounts::plus);
    }

    public Inversion inversion() {
        return reduce(RunMeasurement::inversion, Inversion::plus);
    }

    public MemoryUse memory() {
        return reduce(RunMeasurement::memory, MemoryUse::max);
    }

    /// Where the time of all frames went.
    public Breakdown allFrames() {
        return reduce(run -> run.frameSummary().all(), Breakdown::plus);
    }

    /// Where the time of the late frames went.
    public Breakdown jankyFrames() {
        return reduce(run -> run.frameSummary().janky(), Breakdown::plus);
    }

    /// The latest frames of any seed, latest first.
    public List<SeedFrame> worstFrames() {
        return runs.stream()
                .flatMap(run -> run.measurement().frameSummary().worstFrames().stream()
                        .map(worst -> new SeedFrame(run.seed(), worst.report(), worst.timeline())))
                .sorted(Comparator.comparingLong((SeedFrame worst) -> worst.frame().overrunNs()).reversed())
                .limit(LatestFrames.KEPT)
                .toList();
    }

    public List<LockUse> locks() {
        return LockUse.sum(measurements().stream().flatMap(run -> run.locks().stream()).toList());
    }

    public List<TaskTimes> tasks() {
        return TaskTimes.sum(measurements().stream().flatMap(run -> run.tasks().stream()).toList());
    }

    public Map<String, CounterRange> counters() {
        return reduce(RunMeasurement::counters, KernelResult::max);
    }

    private static Map<String, CounterRange> max(Map<String, CounterRange> a, Map<String, CounterRange> b) {
        Map<String, CounterRange> both = new LinkedHashMap<>(a);
        b.forEach((name, range) -> both.merge(name, range, CounterRange::max));
        return both;
    }

    private <T> T reduce(Function<RunMeasurement, T> part, BinaryOperator<T> sum) {
        return measurements().stream().map(part).reduce(sum).orElseThrow();
    }

    /// How many runs the OOM killer ended.
    public int killed() {
        return (int) runs.stream().filter(SeedRun::killed).count();
    }

    /// A figure that the workload measured itself: the mean over the seeds that have it; NaN if none has.
    public List<Quantity> quantities() {
        List<Quantity> means = new ArrayList<>();
        List<Quantity> first = runs.getFirst().quantities();
        for (int i = 0; i < first.size(); i++) {
            int index = i;
            double mean = runs.stream().mapToDouble(run -> run.quantities().get(index).value())
                    .filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
            means.add(new Quantity(first.get(i).name(), first.get(i).unit(), mean));
        }
        return means;
    }

    /// One digest for all seeds' digests, in order; of a single run, that run's own.
    public long digest() {
        long combined = 0;
        for (SeedRun run : runs) {
            combined = combined * 0x9E3779B97F4A7C15L + run.digest();
        }
        return combined;
    }

    public long virtualNs() {
        return runs.stream().mapToLong(SeedRun::virtualNs).sum();
    }

    public long hostNs() {
        return runs.stream().mapToLong(SeedRun::hostNs).sum();
    }
}
