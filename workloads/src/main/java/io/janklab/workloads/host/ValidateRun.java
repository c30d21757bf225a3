package io.janklab.workloads.host;

import com.sun.management.OperatingSystemMXBean;
import io.janklab.dashboards.report.LatencyPage;
import io.janklab.workloads.input.BadInput;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// `validate`: contention on the host's kernel and on the simulated one, with the host's costs.
public final class ValidateRun {
    private static final long WARM_UP_NS = 20_000_000;
    private static final int MOST_RUNS = 3;
    /// The part of a run that may go to something else.
    private static final double DISTURBED = 0.003;

    /// Costs are measured before, after, and in between each time so many workloads have run, since hosts drift.
    private static final int CALIBRATE_EVERY = 54;

    private final ContentionRuns runs;
    /// The same workloads measured once more, or none.
    private final Map<Contention, Latencies> repeated;
    private final List<String> warnings;
    private Validation validation;

    private ValidateRun(ContentionRuns runs, Map<Contention, Latencies> repeated, List<String> warnings) {
        this.runs = runs;
        this.repeated = repeated;
        this.warnings = warnings;
    }

    /// Measures on this host, which should have nothing else to do.
    ///
    /// @param only part of the names of the workloads wanted; empty for all
    /// @param progress told after each workload
    public static ValidateRun measure(HostKernel host, String only, long durationNs, Runnable progress) {
        int cores = Runtime.getRuntime().availableProcessors();
        ReservedCore.reserve(Contention.CORE_OF_VICTIM, cores);
        warmUp(cores);
        List<String> warnings = new ArrayList<>();
        List<Calibration> calibrations = new ArrayList<>();
        Map<Contention, Latencies> measured = new LinkedHashMap<>();
        List<Contention> wanted = selected(only);
        int disturbed = 0;
        for (int i = 0; i < wanted.size(); i++) {
            if (i % CALIBRATE_EVERY == 0) {
                calibrations.add(Calibration.onCore(calibrations.size() % cores, cores));
            }
            MeasuredRun run = measure(wanted.get(i), cores, durationNs);
            measured.put(wanted.get(i), run.latencies);
            disturbed += run.disturbance > DISTURBED ? 1 : 0;
            progress.run();
        }
        calibrations.add(Calibration.onCore(calibrations.size() % cores, cores));
        Calibration calibration = Calibration.together(calibrations);
        calibration.warning().ifPresent(warnings::add);
        if (disturbed > 0) {
            warnings.add(String.format(Locale.ROOT, "In %d of %d workloads something else had the victim's core for over %.1f %% of the time, in %d attempts each.",
                    disturbed, wanted.size(), DISTURBED * 100, MOST_RUNS));
        }
        ContentionRuns runs = new ContentionRuns(host.release(), host.architecture(), HostPreemption.current(), cores, memoryBytes(), durationNs, calibration.costs(), touchNs(cores), measured);
        return new ValidateRun(runs, Map.of(), warnings);
    }

    /// @param disturbance the part of the time that something else had the victim's core
    private record MeasuredRun(Latencies latencies, double disturbance) {}

    /// What a purger's stores to its memory take when all of it is there.
    private static Map<String, Long> touchNs(int cores) {
        Map<String, Long> touchNs = new LinkedHashMap<>();
        for (Contention contention : Contention.all()) {
            touchNs.computeIfAbsent(contention.purged(), purged -> OwnThread.run(() -> new RealContention(contention, cores).touchNs()));
        }
        return touchNs;
    }

    /// Again, if something else had the victim's core; the least disturbed run counts.
    private static MeasuredRun measure(Contention contention, int cores, long durationNs) {
        MeasuredRun best = null;
        for (int run = 0; run < MOST_RUNS && (best == null || best.disturbance > DISTURBED); run++) {
            RealContention real = new RealContention(contention, cores);
            MeasuredRun next = new MeasuredRun(Latencies.of(real.run(durationNs)), real.disturbance(durationNs));
            best = best == null || next.disturbance < best.disturbance ? next : best;
        }
        return best;
    }

    /// Measurements made before, put together. Where a workload was measured again, the first measurement is what is predicted, and the
    /// second tells how far two measurements of the same lie apart.
    ///
    /// @throws io.janklab.workloads.input.BadInput if one of the files holds none, or they come from different machines
    public static ValidateRun read(List<Path> files) {
        ContentionRuns whole = ContentionFile.read(files.getFirst());
        Map<Contention, Latencies> repeated = new LinkedHashMap<>();
        for (Path file : files.subList(1, files.size())) {
            ContentionRuns more = ContentionFile.read(file);
            if (!whole.isOfSameMachine(more)) {
                throw new BadInput(file + " was measured on another machine than " + files.getFirst() + ".");
            }
            more.measured().keySet().stream().filter(whole.measured()::containsKey).forEach(again -> repeated.putIfAbsent(again, more.measured().get(again)));
            whole = whole.with(more);
        }
        return new ValidateRun(whole, repeated, List.of());
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
    ///
    /// @param seed of what happens there by chance
    public void predict(long seed, Runnable progress) {
        validation = new Validation(runs.measured(), repeated, runs.predict(seed, progress));
    }

    /// Why the measurements are not to be trusted, a sentence each.
    public List<String> warnings() {
        return warnings;
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
        page.paragraph("Latencies of one thread's calls while others give memory back, on this machine (" + runs.cores() + " cores, solid; thin: measured once more) and on the simulated kernel (dashed), whose costs were measured here too. One cost model for all.");
        page.list(validation.verdicts());
        page.beginCharts();
        for (Contention contention : validation.workloads()) {
            Latencies again = repeated.get(contention);
            page.chart(contention.name(), validation.measured(contention)::percentile, validation.predicted(contention)::percentile, again == null ? null : again::percentile);
        }
        page.endCharts();
        page.heading("Percentiles");
        page.paragraph("µs, measured / predicted (predicted over measured).");
        page.table(validation.rows());
        return page.toString();
    }
}
