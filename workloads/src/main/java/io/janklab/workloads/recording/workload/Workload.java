package io.janklab.workloads.recording.workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A whole recording as something to run. It is complete; [#targets] chooses which processes are run in full, and which are only load.
public final class Workload {
    /// Where its bulk lies while it is made.
    public final Scratch scratch = new Scratch();
    public String name = "";
    public String release = "";
    public String architecture = "";
    /// Where its kernel preempts, `none` or `full`; empty if unknown.
    public String preemption = "";
    public int cpus;
    public long memoryBytes;
    public long durationNs;
    /// Whether mm calls were recorded; without them, memory operations are modelled.
    public boolean hasCalls;
    public boolean hasFaults;
    public final List<RecordedThread> threads = new ArrayList<>();
    public final Map<Integer, RecordedProcess> processes = new LinkedHashMap<>();
    /// Of slices and calls.
    public final List<String> names = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    public final Map<Long, RecordedFrame> frames = new HashMap<>();
    public final Map<Integer, ObservedFigures> figures = new LinkedHashMap<>();
    /// The time of an undisturbed page fault; 0 if unknown.
    public long faultNs;
    /// How long an idle core took from a wake-up until it ran the thread: a [io.janklab.kernel.config.Spread]'s values; empty if unknown.
    public List<Long> idleExitNs = List.of();
    /// What an operation could be named by: slices and probed functions.
    public final Marks marks = new Marks();
    /// Gaps of time by their treatment, of all threads (ns).
    public final Map<String, Long> gaps = new LinkedHashMap<>();
    /// By number of the core.
    public final Map<Integer, CoreUse> cores = new TreeMap<>();
    public long jankyFrames;
    /// The cost of an event of the recording itself, which was subtracted (ns).
    public long eventCostNs;

    /// Its name in every output, which shows whether its memory is modelled.
    public String title() {
        return name + mark();
    }

    /// What follows its name in every output: whether its memory is modelled; empty if not.
    public String mark() {
        return hasCalls ? "" : " (modelled mm)";
    }

    /// The figures of a process.
    public ObservedFigures figuresOf(int tgid) {
        return figures.computeIfAbsent(tgid, id -> new ObservedFigures());
    }

    /// The index of a name among [#names].
    public int number(String text) {
        return numbers.computeIfAbsent(text, key -> {
            names.add(key);
            return names.size() - 1;
        });
    }

    public RecordedProcess process(int tgid) {
        return processes.computeIfAbsent(tgid, RecordedProcess::new);
    }

    /// The processes that the recording is about: the one that draws frames; else those whose mm calls or faults were recorded; else the
    /// busiest.
    public List<RecordedProcess> targets() {
        RecordedProcess drawing = processes.values().stream().max((one, other) -> Long.compare(one.frames, other.frames)).orElse(null);
        if (drawing != null && drawing.frames > 0) {
            return List.of(drawing);
        }
        List<RecordedProcess> calling = processes.values().stream().filter(process -> process.mmEvents > 0).toList();
        if (!calling.isEmpty()) {
            return calling;
        }
        return processes.values().stream().filter(process -> process.tgid > 0).max((one, other) -> Long.compare(one.cpuNs, other.cpuNs))
                .stream().toList();
    }

    /// Those threads' share of recorded time that is accounted for: on a core, or asleep for a known cause.
    public double attributed(List<RecordedProcess> targets) {
        long alive = 0;
        long unknown = 0;
        for (RecordedThread thread : threads) {
            if (targets.stream().anyMatch(process -> process.tgid == thread.tgid)) {
                alive += thread.aliveNs;
                unknown += thread.unknownNs;
            }
        }
        return alive == 0 ? 0 : 1 - (double) unknown / alive;
    }
}
