package io.janklab.workloads.cli.run;

import io.janklab.allocator.HeapStats;
import io.janklab.dashboards.file.AtomicFile;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.metrics.Metronome;
import io.janklab.dashboards.metrics.OpenMetricsHistory;
import io.janklab.dashboards.metrics.OtlpPush;
import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.dashboards.offcpu.FoldedStacks;
import io.janklab.dashboards.perfetto.PerfettoTrace;
import io.janklab.dashboards.perfetto.TraceWindows;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CpuSpec;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Run;
import io.janklab.workloads.sweep.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Files that need every event of a run. The run is made again for each, event for event the same, so that measuring it the first time
/// costs nothing more, and the worst frames are known.
final class SecondLook {
    private final RunResult first;
    private @Nullable FoldedStacks folded;

    SecondLook(RunResult first) {
        this.first = first;
    }

    /// @param windowNs how much to cover before and after each of the worst frames; null for all of the run
    void writePerfetto(Path file, @Nullable Long windowNs) throws IOException {
        TraceWindows windows = windowNs == null
                ? TraceWindows.everything()
                : TraceWindows.around(first.run().measurement().frameSummary().worst(), windowNs);
        write(file, out -> {
            PerfettoTrace trace = new PerfettoTrace(out, kernelRelease(), machine(), frequenciesKhz(), windows);
            if (!mark().isEmpty()) {
                trace.note("Janklab:" + mark());
            }
            trace.finish(run().watchedBy((process, now) -> List.of(trace)));
        });
    }

    /// The run is made once for all parts.
    void writeFolded(Path file, FoldedStacks.Part part) throws IOException {
        if (folded == null) {
            AtomicReference<FoldedStacks> stacks = new AtomicReference<>();
            long end = run().watchedBy((process, now) -> {
                stacks.set(new FoldedStacks(process));
                return List.of(stacks.get());
            });
            folded = Objects.requireNonNull(stacks.get());
            folded.finish(end);
        }
        folded.write(file, part, mark());
    }

    /// What every output about a recording whose memory is modelled says; empty for others.
    private String mark() {
        return first.spec().recording() == null ? "" : first.spec().recording().workload().mark();
    }

    /// Adds the run's meters over time to `history`.
    void sampleInto(OpenMetricsHistory history) {
        long interval = OpenMetricsHistory.intervalNs(first.run().virtualNs());
        AtomicReference<RunMetrics> meters = new AtomicReference<>();
        long end = run().watchedBy((process, now) -> {
            RunRecorder recorder = new RunRecorder(process);
            RunMetrics ofRun = new RunMetrics(recorder, now, first.spec().tags());
            meters.set(ofRun);
            return List.of(new Metronome(interval, moment -> history.sample(moment, ofRun.scrape())), recorder);
        });
        history.sample(end, Objects.requireNonNull(meters.get()).scrape());
    }

    /// The readings of the native heap at the end; null if there is none.
    @Nullable HeapStats heap() {
        return run().heapAtTheEnd();
    }

    /// @throws BadInput if the receiver does not take it
    void push(URI receiver, Instant epoch) {
        AtomicReference<OtlpPush> push = new AtomicReference<>();
        run().watchedBy((process, now) -> {
            RunRecorder recorder = new RunRecorder(process);
            push.set(new OtlpPush(receiver, recorder, now, epoch.toEpochMilli(), first.spec().tags()));
            return List.of(recorder);
        });
        try {
            Objects.requireNonNull(push.get()).push();
        } catch (IOException e) {
            String cause = e.getMessage() == null ? "no connection" : e.getMessage();
            throw new BadInput("the OTLP receiver " + receiver + " did not take the meters (" + cause + "); the folder is written.");
        }
    }

    /// Failing tracepoints arrive unchecked.
    private static void write(Path file, AtomicFile.Content content) throws IOException {
        try {
            AtomicFile.write(file, content);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Run run() {
        return new Run(first.spec());
    }

    /// As `uname -r` prints it: `6.12.0`, `6.1.0-android14`.
    private String kernelRelease() {
        String name = first.spec().kernel().name();
        return name.startsWith("android")
                ? name.replaceFirst("^android(\\d+)-(\\d+\\.\\d+)", "$2.0-android$1")
                : name.replaceFirst("^(\\d+\\.\\d+)", "$1.0");
    }

    /// Empty if those of some are not known.
    private List<Integer> frequenciesKhz() {
        List<Integer> all = first.spec().device().hardware().cpus().stream().map(CpuSpec::maxKhz).toList();
        return all.contains(0) ? List.of() : all;
    }

    private String machine() {
        return first.spec().device().hardware().architecture() == Architecture.ARM64 ? "aarch64" : "x86_64";
    }
}
