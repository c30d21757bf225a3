package io.janklab.workloads.host.contend;

import io.janklab.dashboards.report.html.LatencyPage;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.input.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `validate`: contention on the host's kernel and on the simulated one, with the host's costs.
public final class ValidateRun {
    private final ContentionRuns runs;
    /// Workloads of these that were measured once more, a map for each time.
    private final List<Map<Contention, OperationLatencies>> repeats;
    private final List<String> warnings;
    private final long disturbed;
    private @Nullable Validation validation;

    private ValidateRun(ContentionRuns runs, List<Map<Contention, OperationLatencies>> repeats, List<String> warnings, long disturbed) {
        this.runs = runs;
        this.repeats = repeats;
        this.warnings = warnings;
        this.disturbed = disturbed;
    }

    /// A measurement under way, whose results so far can be read at any time.
    public static final class Measuring {
        private final HostKernel host;
        private final HostProperties properties;
        private final ContentionMeasurement measurement;

        /// @param properties the properties of the host
        /// @param mostNs nothing is measured again after this time
        /// @param progress called for each workload when it has first run
        public Measuring(HostKernel host, HostProperties properties, long durationNs, long mostNs, Runnable progress) {
            this.host = host;
            this.properties = properties;
            this.measurement = new ContentionMeasurement(durationNs, System.nanoTime() + mostNs, progress);
        }

        /// Measures on this host, which should have nothing else to do.
        ///
        /// @param only part of the names of the workloads wanted; empty for all
        public ValidateRun measure(String only) {
            Selection selection = new Selection(only, properties);
            measurement.measure(selection.workloads(), new Selection("", properties).workloads());
            Map<Contention, OperationLatencies> again = measurement.secondRuns(host, properties).measured();
            List<String> warnings = new ArrayList<>(selection.sentences());
            warnings.addAll(measurement.warnings());
            ContentionRuns runs = Objects.requireNonNull(measurement.runs(host, properties));
            return new ValidateRun(runs, again.isEmpty() ? List.of() : List.of(again), warnings, measurement.disturbed());
        }

        /// [ValidateRun#measurements] of the results so far; null if there are none yet.
        public byte @Nullable [] soFar() {
            ContentionRuns runs = measurement.runs(host, properties);
            return runs == null ? null : ContentionFile.write(runs);
        }
    }

    /// Measurements made before, put together. Where a workload was measured again, the first measurement is predicted, and the others show
    /// how far repeated measurements differ.
    ///
    /// @param only part of the names of the workloads wanted; empty for all
    /// @throws io.janklab.workloads.input.BadInput if one of the files holds none, or they come from different machines
    public static ValidateRun read(List<Path> files, String only) {
        ContentionRuns whole = ContentionFile.read(files.getFirst()).only(only);
        if (whole.measured().isEmpty()) {
            throw new BadInput(files.getFirst() + " holds no workload whose name contains '" + only + "'.");
        }
        List<Map<Contention, OperationLatencies>> repeats = new ArrayList<>();
        for (Path file : files.subList(1, files.size())) {
            ContentionRuns more = ContentionFile.read(file).only(only);
            if (!whole.isOfSameMachine(more)) {
                throw new BadInput(file + " was measured on another machine than " + files.getFirst() + ".");
            }
            Map<Contention, OperationLatencies> again = new LinkedHashMap<>(more.measured());
            again.keySet().retainAll(whole.measured().keySet());
            repeats.add(again);
            whole = whole.with(more);
        }
        return new ValidateRun(whole, repeats, List.of(), 0);
    }

    /// How many workloads there are.
    ///
    /// @throws io.janklab.workloads.input.BadInput if no workload's name contains `only`
    /// @throws io.janklab.workloads.host.sys.HostRefusal if the host refuses what each of them needs
    public static int count(HostProperties properties, String only) {
        return new Selection(only, properties).workloads().size();
    }

    /// Runs the same on the simulated kernel.
    ///
    /// @param seed of its random events
    public void predict(long seed, Runnable progress) {
        validation = new Validation(runs.measured(), repeats, runs.predict(seed, progress), disturbed);
    }

    private Validation validation() {
        return Objects.requireNonNull(validation);
    }

    /// Why the measurements are unreliable, a sentence each.
    public List<String> warnings() {
        return warnings;
    }

    public int workloads() {
        return runs.measured().size();
    }

    /// The measurements, in a form that can be read back.
    public byte[] measurements() {
        return ContentionFile.write(runs);
    }

    /// The second measurement of each workload, in a form that can be read back with the first; null if there is none.
    public byte @Nullable [] secondMeasurements() {
        return repeats.isEmpty() ? null : ContentionFile.write(runs.measuredAs(repeats.getFirst()));
    }

    /// A line per workload, for a terminal.
    public String table() {
        return validation().text();
    }

    /// Percentiles in ns, measured and predicted, and the bars, for JSON.
    public Map<String, Object> results() {
        return validation().results();
    }

    /// The bars, and what of the deviations is noise, one sentence each.
    public List<String> verdicts() {
        List<String> verdicts = new ArrayList<>(validation().verdicts());
        validation().deviations().stream().map(Deviations::sentence).forEach(verdicts::add);
        validation().inversions().stream().map(inversion -> "inverted: " + inversion).forEach(verdicts::add);
        return verdicts;
    }

    /// Verdicts and table as Markdown.
    public String summary() {
        String verdicts = verdicts().stream().map(verdict -> "- " + verdict + "\n").collect(Collectors.joining());
        return verdicts + "\nµs, measured / predicted (predicted over measured); n operations each.\n\n" + validation().table();
    }

    /// Everything on one page.
    public String page() {
        LatencyPage page = new LatencyPage("Contention on Linux " + runs.release() + ", measured and predicted");
        page.paragraph("Latencies of one thread's calls while others purge memory, on this machine (" + runs.cores()
                + " cores, solid; thin: measured once more) and on the simulated kernel (dashed), whose costs were measured here too. One "
                + "cost model for all.");
        page.list(verdicts());
        page.heading("The workloads");
        page.paragraph("A purger fills 1, 8 or 64 MiB and gives them back by madvise(MADV_DONTNEED or MADV_FREE), over and over, under the "
                + "VMA lock, or under mmap_lock since its range spans two VMAs or a userfaultfd watches it. Beside it one thread is timed: "
                + "a mapper maps four pages, writes to them and unmaps them; a faulter writes to a fresh page, elsewhere or in the VMA "
                + "that is purged; mprotect changes four pages back and forth. A hog only computes, on the purger's core.");
        page.paragraph("|log2(predicted/measured)| is 0.32 if one is a quarter more than the other, and 1 if twice as much. Disturbed: "
                + "something else ran meanwhile. Inverted: which of the two locks takes longer is predicted the wrong way round.");
        page.beginCharts();
        for (Contention contention : validation().workloads()) {
            OperationLatencies again = validation().repeated(contention);
            page.chart(contention.name(), validation().measured(contention)::percentile, validation().predicted(contention)::percentile,
                    again == null ? null : again::percentile);
        }
        page.endCharts();
        page.heading("Percentiles");
        page.paragraph("µs, measured / predicted (predicted over measured).");
        page.table(validation().rows());
        return page.toString();
    }
}
