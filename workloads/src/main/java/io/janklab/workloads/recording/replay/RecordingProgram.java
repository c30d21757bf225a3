package io.janklab.workloads.recording.replay;

import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.program.Program;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.RecordedProcess;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Spawn;
import io.janklab.workloads.recording.workload.Workload;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A recorded workload as a program: its processes with all they do, and all other threads as load at the times at which they ran.
public final class RecordingProgram implements Program {
    private static final int HIGHEST_RT = 99;
    private static final int NICE_0 = 120;
    private static final long SETUP_LIMIT_NS = 1_000_000_000;
    private static final long SLICE_NS = 100_000_000;
    /// A replay that takes this many times as long as the recording does not end by itself.
    private static final int PATIENCE = 20;
    private static final double US = 1e3;
    private static final double MS = 1e6;
    /// No percentile is shown for fewer calls.
    private static final int LEAST_CALLS = 20;

    final Kernel kernel;
    final Workload workload;
    final ReplayState state;
    final Map<Integer, Process> processes = new LinkedHashMap<>();
    private final Map<Integer, Image> images = new HashMap<>();
    final BitSet signalled = new BitSet();
    final Map<Long, Task> awaiting = new HashMap<>();
    private final List<RecordedProcess> targets;
    private final ThreadReplay[] threads;
    private long began;
    private int living;
    private boolean isSetUp;
    private boolean isTraced;

    /// @param targets the processes that are replayed in full
    RecordingProgram(Kernel kernel, Workload workload, List<RecordedProcess> targets, OwnTimes ownTimes) {
        this.kernel = kernel;
        this.workload = workload;
        this.targets = targets;
        this.threads = new ThreadReplay[workload.threads.size()];
        for (RecordedProcess target : targets) {
            Process process = kernel.createProcess(target.name);
            processes.put(target.tgid, process);
            images.put(target.tgid, new Image(process.addressSpace()));
        }
        this.state = new ReplayState(kernel, workload, thread -> !isTarget(thread), ownTimes);
    }

    @Override
    public String process() {
        return targets.getFirst().name;
    }

    /// It is to take as long as it did while it was recorded, its events' cost included.
    RecordingProgram traced() {
        isTraced = true;
        return this;
    }

    boolean isTraced() {
        return isTraced;
    }

    /// Runs it, and counts what each call does.
    ComparedReplay compare() {
        List<ComparedCall> calls = new ArrayList<>();
        state.compareFor(calls::add);
        run();
        return new ComparedReplay(calls, state.figures);
    }

    /// The figures observed.
    public ObservedFigures figures() {
        return state.figures;
    }

    boolean isTarget(int thread) {
        return processes.containsKey(workload.threads.get(thread).tgid);
    }

    ThreadReplay thread(int index) {
        return threads[index];
    }

    /// The virtual time of the recording's time 0 (ns).
    long began() {
        return began;
    }

    @Override
    public void run() {
        setUp();
        Set<Integer> tgids = new HashSet<>();
        processes.values().forEach(process -> tgids.add(process.tgid()));
        kernel.tracepoints().attach(new Watcher(state.figures, tgids));
        kernel.tracepoints().attach(state.progress);
        // The main thread is a process's first.
        workload.threads.stream().filter(thread -> isTarget(thread.index) && !isMadeByTarget(thread))
                .sorted(Comparator.comparing(thread -> thread.tid != thread.tgid))
                .forEach(thread -> start(thread, imageOf(thread.tgid), null));
        long limit = began + PATIENCE * workload.durationNs + SLICE_NS;
        long until = began;
        while (living > 0 && until < limit) {
            until += SLICE_NS;
            kernel.run(until);
        }
        if (living > 0) {
            throw new BadInput("the replay of " + workload.name + " was not over after " + PATIENCE + " times the time of the recording.");
        }
    }

    private Image imageOf(int target) {
        return Objects.requireNonNull(images.get(target));
    }

    private Process processOf(int target) {
        return Objects.requireNonNull(processes.get(target));
    }

    private boolean isMadeByTarget(RecordedThread thread) {
        return thread.isSpawned && isTarget(thread.parent);
    }

    private void setUp() {
        Process setup = kernel.createProcess("setup");
        setup.spawn("setup", TaskAttributes.normal(0), task -> {
            for (RecordedProcess target : targets) {
                map(task, imageOf(target.tgid).space(), target.images.getFirst());
            }
            task.settle();
            isSetUp = true;
            kernel.simulation().stop();
        });
        kernel.run(SETUP_LIMIT_NS);
        if (!isSetUp) {
            throw new BadInput("the address spaces of " + workload.name + " could not be set up.");
        }
        began = kernel.simulation().now();
    }

    private void map(Task task, AddressSpace space, RecordedProcess.Image recorded) {
        recorded.areas().forEach(area -> map(task, space, area));
    }

    /// Where other areas are already, what is between them.
    private void map(Task task, AddressSpace space, RecordedProcess.Area area) {
        long from = area.start();
        while (from < area.end()) {
            Vma other = space.mm().vmas().findIntersection(from, area.end());
            long to = other == null ? area.end() : Math.max(from, other.start());
            if (to > from) {
                mapFree(task, space, from, to, area);
            }
            from = other == null ? area.end() : other.end();
        }
    }

    private void mapFree(Task task, AddressSpace space, long start, long end, RecordedProcess.Area area) {
        int flags = Mman.MAP_PRIVATE | Mman.MAP_FIXED_NOREPLACE;
        if (area.file()) {
            space.mmap(task, start, end - start, area.protection(), flags, state.file(end - start), 0);
        } else {
            space.mmap(task, start, end - start, area.protection(), flags | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE);
        }
    }

    /// A new address space for a process that executes another program.
    Image execute(Task task, int tgid, int image) {
        AddressSpace space = kernel.addressSpaces().create(processOf(tgid).tgid(), workload.process(tgid).name);
        map(task, space, workload.process(tgid).images.get(image));
        return new Image(space);
    }

    /// Starts a thread that `parent` makes.
    void start(int index, Task parent, MemoryReplay parentMemory, Spawn how) {
        RecordedThread recorded = workload.threads.get(index);
        Process process = processes.get(recorded.tgid);
        if (threads[index] != null) {
            return;
        }
        // Without clone's flags, only later events may have said that it is a thread.
        boolean shares = how == Spawn.SHARES || recorded.tgid == workload.threads.get(recorded.parent).tgid;
        Image image = shares ? parentMemory.image()
                : parentMemory.fork(parent, process == null ? 0 : process.tgid(), process == null ? "child" : process.name());
        if (image == null) {
            throw new BadInput("the replay of " + workload.name + " ran out of memory in a fork.");
        }
        if (process == null) {
            if (!shares) {
                image.leaveAtOnce(parent);
            }
            return;
        }
        start(recorded, image, parent);
    }

    /// @param parent null for a thread that was there before
    private void start(RecordedThread recorded, Image image, @Nullable Task parent) {
        Process process = processOf(recorded.tgid);
        ThreadReplay replay = new ThreadReplay(this, recorded, process, image);
        threads[recorded.index] = replay;
        living++;
        process.spawn(recorded.name, attributes(recorded.prio), task -> {
            if (parent == null) {
                task.sleepUntil(began + recorded.beginsAt);
            }
            replay.run(task);
            if (--living == 0) {
                kernel.simulation().stop();
            }
        });
    }

    /// Some thread was still running at that time (ns).
    void ranUntil(long now) {
        state.figures.runTimeNs = Math.max(state.figures.runTimeNs, now - began);
    }

    private static TaskAttributes attributes(int prio) {
        return prio >= 0 && prio < 100
                ? TaskAttributes.fifo(Math.clamp(HIGHEST_RT - prio, 1, HIGHEST_RT), CpuSet.ALL)
                : TaskAttributes.normal(Math.clamp(prio - NICE_0, -20, 19));
    }

    @Override
    public List<Quantity> quantities(RunMeasurement measurement) {
        ObservedFigures recorded = recorded(workload, targets);
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(new Quantity("run time", "ms", state.figures.runTimeNs / MS));
        for (String what : recorded.latencies.names()) {
            if (recorded.latencies.count(what) >= LEAST_CALLS) {
                for (int percent : new int[] {50, 90, 99}) {
                    quantities.add(new Quantity(what + " P" + percent, "µs", state.figures.latencies.percentile(what, percent) / US));
                }
            }
        }
        return quantities;
    }

    /// The recording's figures of those processes together.
    public static ObservedFigures recorded(Workload workload, List<RecordedProcess> targets) {
        List<ObservedFigures> all = targets.stream().map(target -> workload.figuresOf(target.tgid)).toList();
        return all.size() == 1 ? all.getFirst() : ObservedFigures.sum(all);
    }
}
