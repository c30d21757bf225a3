package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.measure.result.TaskTimes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// The resources that a kernel or a setting uses, beside the frames' time: the app's memory, and CPU time by thread.
///
/// @param metric the name it has in a [Comparison]
/// @param unit `MiB`, or `ms/s`: milliseconds of CPU in a second
/// @param value of one run, in that unit
public record Resource(String metric, String unit, ToDoubleFunction<SeedRun> value) {
    public static final String RSS_MEAN = "memory.rssMeanMiB";
    public static final String RSS_PEAK = "memory.rssPeakMiB";
    public static final String PAGE_TABLES = "memory.pageTablePeakMiB";
    public static final String APP_CPU = "cpu.app";
    public static final String OTHER_CPU = "cpu.others";
    /// The prefix of the metrics of threads.
    public static final String THREAD_CPU = "cpu.app.";

    private static final String MEMORY = "memory.";
    private static final String CPU = "cpu.";
    private static final String MIB = "MiB";
    private static final String MS_PER_S = "ms/s";
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double MS_IN_S = 1e3;
    /// As many as a table of nine seeds can tell from chance, the other five with them.
    private static final int THREADS = 7;

    /// Whether a metric is one of these.
    public static boolean isOne(String metric) {
        return metric.startsWith(MEMORY) || metric.startsWith(CPU);
    }

    /// The memory, the app's CPU time, that of its threads that run most on all `kernels` together, and that of all others.
    public static List<Resource> of(List<KernelResult> kernels) {
        List<Resource> all = new ArrayList<>(List.of(rssMean(), rssPeak(), pageTables(), appCpu()));
        busiest(kernels).forEach(thread -> all.add(appThread(thread)));
        all.add(otherCpu());
        return List.copyOf(all);
    }

    public static Resource rssMean() {
        return new Resource(RSS_MEAN, MIB, run -> run.measurement().memory().rssMeanBytes() / BYTES_PER_MIB);
    }

    static Resource rssPeak() {
        return new Resource(RSS_PEAK, MIB, run -> run.measurement().memory().rssPeakBytes() / BYTES_PER_MIB);
    }

    /// At their highest.
    public static Resource pageTables() {
        return new Resource(PAGE_TABLES, MIB, run -> run.measurement().memory().pageTablePeakBytes() / BYTES_PER_MIB);
    }

    public static Resource appCpu() {
        return new Resource(APP_CPU, MS_PER_S, run -> perS(run, appNs(run.measurement())));
    }

    static Resource otherCpu() {
        return new Resource(OTHER_CPU, MS_PER_S, run -> perS(run, allNs(run.measurement()) - appNs(run.measurement())));
    }

    /// The app's threads of that name.
    static Resource appThread(String thread) {
        return new Resource(THREAD_CPU + thread, MS_PER_S, run -> perS(run, threadNs(run.measurement(), thread)));
    }

    public double of(SeedRun run) {
        return value.applyAsDouble(run);
    }

    /// The mean over a kernel's seeds.
    public double mean(KernelResult kernel) {
        return kernel.runs().stream().mapToDouble(value).average().orElseThrow();
    }

    /// Most CPU time first, by name where that is equal.
    private static List<String> busiest(List<KernelResult> kernels) {
        Map<String, Long> byThread = new TreeMap<>();
        for (KernelResult kernel : kernels) {
            kernel.measurements().stream().flatMap(RunMeasurement::appTasks)
                    .forEach(times -> byThread.merge(times.name(), times.runningNs(), Long::sum));
        }
        return byThread.entrySet().stream()
                .filter(thread -> thread.getValue() > 0)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(THREADS)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static double perS(SeedRun run, long ns) {
        return run.virtualNs() == 0 ? 0 : MS_IN_S * ns / run.virtualNs();
    }

    private static long appNs(RunMeasurement run) {
        return run.appTasks().mapToLong(TaskTimes::runningNs).sum();
    }

    private static long threadNs(RunMeasurement run, String thread) {
        return run.appTasks().filter(times -> times.name().equals(thread)).mapToLong(TaskTimes::runningNs).sum();
    }

    private static long allNs(RunMeasurement run) {
        return run.tasks().stream().mapToLong(TaskTimes::runningNs).sum();
    }
}
