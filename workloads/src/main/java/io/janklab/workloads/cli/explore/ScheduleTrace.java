package io.janklab.workloads.cli.explore;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.dashboards.perfetto.PerfettoTrace;
import io.janklab.dashboards.perfetto.TraceWindows;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Schedule;
import io.janklab.explore.Strategy;
import io.janklab.explore.search.Explorer;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Architecture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/// One schedule of a litmus as a Perfetto trace.
final class ScheduleTrace {
    private final ExploreSpec spec;
    private final Schedule schedule;

    ScheduleTrace(ExploreSpec spec, Schedule schedule) {
        this.spec = spec;
        this.schedule = schedule;
    }

    void write(Path file) throws IOException {
        AtomicFile.write(file, this::writeTo);
    }

    private void writeTo(OutputStream out) {
        String release = spec.kernel().name().replaceFirst("^(\\d+\\.\\d+)", "$1.0");
        String machine = spec.architecture() == Architecture.ARM64 ? "aarch64" : "x86_64";
        PerfettoTrace trace = new PerfettoTrace(out, release, machine, List.of(), TraceWindows.everything());
        AtomicReference<Kernel> kernel = new AtomicReference<>();
        new Explorer(spec).strategy(new Strategy.Replay(schedule)).watchedBy(watched -> {
            kernel.set(watched);
            watched.tracepoints().attach(trace);
        }).explore();
        trace.finish(Objects.requireNonNull(kernel.get()).simulation().now());
    }
}
