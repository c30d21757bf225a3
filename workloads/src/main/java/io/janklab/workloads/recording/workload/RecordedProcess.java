package io.janklab.workloads.recording.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A process and the memory it had before the recording, or before it was known.
public final class RecordedProcess {
    private static final String UNNAMED = "process ";

    /// Memory that nothing in the recording has mapped.
    ///
    /// @param file whether it is a file's
    public record Area(long start, long end, int protection, boolean file) {}

    /// An address space as it begins.
    public record Image(List<Area> areas) {
        public Image() {
            this(new ArrayList<>());
        }
    }

    public final int tgid;
    public String name;
    /// The first is what it began with, unless it was forked; then one for each program it has executed ([Op#EXEC]).
    public final List<Image> images = new ArrayList<>(List.of(new Image()));
    /// Of its RenderThread.
    public long frames;
    /// Calls of mm and page faults.
    public long mmEvents;
    public long cpuNs;
    /// Its frames by type of jank, as the frame timeline has them: a [FrameJank]'s bits.
    public final Map<Integer, Long> framesByJank = new TreeMap<>();

    public RecordedProcess(int tgid) {
        this.tgid = tgid;
        this.name = UNNAMED + tgid;
    }

    /// Whether that is its name, the last part of it, or its id.
    public boolean isCalled(String text) {
        return name.equals(text) || name.endsWith("/" + text) || String.valueOf(tgid).equals(text);
    }

    /// Whether its name is known.
    public boolean isNamed() {
        return !name.startsWith(UNNAMED);
    }
}
