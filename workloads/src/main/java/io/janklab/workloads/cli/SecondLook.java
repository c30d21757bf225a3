package io.janklab.workloads.cli;

import io.janklab.dashboards.perfetto.PerfettoTrace;
import io.janklab.dashboards.perfetto.TraceWindows;
import io.janklab.dashboards.report.AtomicFile;
import io.janklab.kernel.config.Architecture;
import io.janklab.workloads.sweep.Run;
import io.janklab.workloads.sweep.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// Files that need every event of a run. The run is made again for each, event for event the same, so that measuring it the first time
/// costs nothing more, and the worst frames are known.
final class SecondLook {
    private final RunResult first;

    SecondLook(RunResult first) {
        this.first = first;
    }

    /// @param windowNs how much to cover before and after each of the worst frames; null for all of the run
    void writePerfetto(Path file, Long windowNs) throws IOException {
        TraceWindows windows = windowNs == null
                ? TraceWindows.everything()
                : TraceWindows.around(first.run().measurement().frameSummary().worst(), windowNs);
        write(file, out -> {
            PerfettoTrace trace = new PerfettoTrace(out, kernelRelease(), machine(), windows);
            trace.finish(run().watchedBy(trace));
        });
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

    /// `6.17.0+pt-reclaim=on`.
    private String kernelRelease() {
        return first.spec().kernel().name().replaceFirst("^(\\d+\\.\\d+)", "$1.0");
    }

    private String machine() {
        return first.spec().device().hardware().architecture() == Architecture.ARM64 ? "aarch64" : "x86_64";
    }
}
