package io.janklab.workloads.host;

import com.sun.management.OperatingSystemMXBean;
import io.janklab.dashboards.report.LatencyPage;
import io.janklab.workloads.input.BadInput;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// `validate`: contention on the host's kernel and on the simulated one, with the host's costs.
public final class ValidateRun {
    private static final long WARM_UP_NS = 20_000_000;
    private static final int MOST_RUNS = 3;
    /// The part of a run that may go to something else.
    private static final double DISTURBED = 0.003;

    private final ContentionRuns runs;
    private Validation validation;

    private ValidateRun(ContentionRuns runs) {
        this.runs = runs;
    }

    /// Measures on this host, which should have nothing else to do.
    ///
    /// @param calibration its costs
    /// @param only part of the names of the workloads wanted; empty for all
    /// @param progress told after each workload
    public static ValidateRun measure(HostKernel host, Calibration calibration, String only, long durationNs, Runnable progress) {
        int cores = Runtime.getRuntime().availableProcessors();
        warmUp(cores);
        Map<Contention, Latencies> measured = new LinkedHashMap<>();
        for (Contention contention : selected(only)) {
            measured.put(contention, measure(contention, cores, durationNs));
            progress.run();
        }
        return new ValidateRun(new ContentionRuns(host.release(), host.architecture(), cores, memoryBytes(), durationNs, calibration.medians(), touchNs(), measured));
    }

    /// What a purger's stores to its memory take when all of it is there.
    private static Map<Integer, Long> touchNs() {
        Map<Integer, Long> touchNs = new TreeMap<>();
        for (Contention contention : Contention.all()) {
            touchNs.computeIfAbsent(contention.mebibytes(), mebibytes -> OwnThread.run(() -> new RealContention(contention, 2).touchNs()));
        }
        return touchNs;
    }

    /// Again, if something else had the victim's core; the least disturbed run counts.
    private static Latencies measure(Contention contention, int cores, long durationNs) {
        double leastDisturbance = Double.MAX_VALUE;
        Latencies best = null;
        for (int run = 0; run < MOST_RUNS && leastDisturbance > DISTURBED; run++) {
            RealContention real = new RealContention(contention, cores);
            Latencies latencies = Latencies.of(real.run(durationNs));
            if (real.disturbance(durationNs) < leastDisturbance) {
                leastDisturbance = real.disturbance(durationNs);
                best = latencies;
            }
        }
        return best;
    }

    /// Measurements made before, put together.
    ///
    /// @throws io.janklab.workloads.input.BadInput if one of the files holds none, or they come from different machines
    public static ValidateRun read(List<Path> files) {
        ContentionRuns whole = ContentionFile.read(files.getFirst());
        for (Path file : files.subList(1, files.size())) {
            ContentionRuns more = ContentionFile.read(file);
            if (!whole.isOfSameMachine(more)) {
                throw new BadInput(file + " was measured on another machine, or for another time, than " + files.getFirst() + ".");
            }
            whole = whole.with(more);
        }
        return new ValidateRun(whole);
    }

    /// How many workloads there are.
    public static int count(String only) {
        return selected(only).size();
    }

    private static List<Contention> selected(String only) {
        return Contention.all().stream().filter(contention -> contention.name().contains(only)).toList();
    }

    private static long memoryBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    /// Until the JVM has compiled what will be timed.
    private static void warmUp(int cores) {
        for (Contention contention : Contention.all()) {
            if (contention.mebibytes() == 1) {
                new RealContention(contention, cores).run(WARM_UP_NS);
            }
        }
    }

    /// Runs the same on the simulated kernel.
    public void predict(Runnable progress) {
        validation = new Validation(runs.measured(), runs.predict(progress));
    }

    public int workloads() {
        return runs.measured().size();
    }

    /// The measurements, to be read again.
    public byte[] measurements() {
        return ContentionFile.write(runs);
    }

    /// A line per workload, as a Markdown table.
    public String table() {
        return validation.table();
    }

    /// Percentiles in ns, measured and predicted, and the bars, as JSON shall have them.
    public Map<String, Object> results() {
        return validation.results();
    }

    /// The bars, one sentence each.
    public List<String> verdicts() {
        return validation.verdicts();
    }

    /// Verdicts and table as Markdown.
    public String summary() {
        String verdicts = validation.verdicts().stream().map(verdict -> "- " + verdict + "\n").collect(Collectors.joining());
        return verdicts + "\nµs, measured / predicted (predicted over measured); n operations each.\n\n" + validation.table();
    }

    /// Everything on one page.
    public String page() {
        LatencyPage page = new LatencyPage("Contention on Linux " + runs.release() + ", measured and predicted");
        page.paragraph("Latencies of one thread's calls while others give memory back, on this machine (" + runs.cores() + " cores, solid) and on the simulated kernel (dashed), whose costs were measured here too. One cost model for all.");
        page.list(validation.verdicts());
        page.beginCharts();
        for (Contention contention : validation.workloads()) {
            page.chart(contention.name(), validation.measured(contention)::percentile, validation.predicted(contention)::percentile);
        }
        page.endCharts();
        page.heading("Percentiles");
        page.paragraph("µs, measured / predicted (predicted over measured).");
        page.table(validation.rows());
        return page.toString();
    }
}
