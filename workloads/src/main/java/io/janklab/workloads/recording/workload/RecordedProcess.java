package io.janklab.workloads.recording.workload;

import java.util.ArrayList;
import java.util.List;

/// A process and its memory before the recording, or before it was known.
public final class RecordedProcess {
    /// Memory that nothing in the recording has mapped.
    ///
    /// @param file whether it is a file's
    public record Area(long start, long end, int protection, boolean file) {}

    public final int tgid;
    public String name;
    public final List<Area> areas = new ArrayList<>();
    /// Where the break was at first; 0 if unknown.
    public long firstBreak;
    /// Of its RenderThread.
    public long frames;
    public long calls;
    public long cpuNs;

    public RecordedProcess(int tgid) {
        this.tgid = tgid;
        this.name = "process " + tgid;
    }
}
