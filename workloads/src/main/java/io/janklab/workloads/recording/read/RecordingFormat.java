package io.janklab.workloads.recording.read;

/// The formats of recordings that are known.
public enum RecordingFormat {
    FTRACE("ftrace text"),
    SYSTRACE("systrace HTML"),
    PERF_SCRIPT("perf script"),
    STRACE("strace"),
    PERFETTO("Perfetto");

    private final String label;

    RecordingFormat(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    boolean isText() {
        return this != PERFETTO;
    }
}
