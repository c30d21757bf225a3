package io.janklab.workloads.cli.common;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.recording.RecordedCase;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say of a recording what it does not say itself.
public final class RecordingHints {
    @Option(names = "--process", paramLabel = "NAME|PID",
            description = "Of a recording: the process it is about (default: the one that draws, makes mm calls, or runs most).")
    private @Nullable String process;

    @Option(names = "--operation", paramLabel = "NAME",
            description = "Of a recording: the call (mmap), slice of trace_marker or uprobe whose latency is asked for.")
    private @Nullable String operation;

    @Option(names = "--recorded-kernel", paramLabel = "VERSION",
            description = "Of a recording: the kernel it was made on (default: the one it names).")
    private @Nullable String kernel;

    public boolean areGiven() {
        return process != null || operation != null || kernel != null;
    }

    /// @param device on which it was made; null if the recording is to tell
    public RecordedCase.Hints hints(@Nullable Device device) {
        return new RecordedCase.Hints(process, operation, kernel, device);
    }
}
