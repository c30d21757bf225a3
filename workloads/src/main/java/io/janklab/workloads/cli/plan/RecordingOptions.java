package io.janklab.workloads.cli.plan;

import io.janklab.workloads.cli.common.RecordingHints;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.RecordedCases;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A recording to run, and what the user may say about it.
public final class RecordingOptions {
    @Option(names = "--recording", paramLabel = "FILE",
            description = "Replay a recording of a real program instead of a scenario: ftrace text, systrace HTML, perf script, "
                    + "Perfetto, or a folder of janklab import.")
    private @Nullable Path file;

    @Mixin
    private RecordingHints hints = new RecordingHints();

    @Option(names = "--error-limit", paramLabel = "FACTOR",
            description =
            "With --recording: refuse to predict if its replay under its own kernel is off by more, in the median percentile (default: "
            + RecordedCase.DEFAULT_LIMIT + ").")
    private @Nullable Double limit;

    private RecordedCases cases = new RecordedCases();

    /// Recordings that are opened there already are not opened again.
    void openIn(RecordedCases opened) {
        cases = opened;
    }

    public boolean isAskedFor() {
        return file != null;
    }

    /// What it is, for a sweep.
    ///
    /// @throws BadInput if there is none, but hints about it are given
    public @Nullable Path file() {
        checkTold();
        return file;
    }

    public RecordedCase.Hints hints(@Nullable Device device) {
        return hints.hints(device);
    }

    public @Nullable Double limit() {
        return limit;
    }

    private void checkTold() {
        if (file == null && (hints.areGiven() || limit != null)) {
            throw new BadInput("--process, --operation, --recorded-kernel and --error-limit go with --recording.");
        }
        if (limit != null && !(limit >= 1)) {
            throw new BadInput("--error-limit takes a factor from 1 on, not " + limit + ".");
        }
    }

    /// Null if there is none.
    @Nullable RecordedCase open(@Nullable Device device) {
        checkTold();
        if (file == null) {
            return null;
        }
        RecordedCase recorded = cases.open(file, hints(device));
        recorded.requireNullTest(limit == null ? RecordedCase.DEFAULT_LIMIT : limit);
        return recorded;
    }
}
