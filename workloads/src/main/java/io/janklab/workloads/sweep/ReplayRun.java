package io.janklab.workloads.sweep;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.allocator.preset.PurgerThreads;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.dashboards.metrics.RunTags;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.Simulation;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.program.Standstill;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.HeapOp;
import io.janklab.workloads.replay.HeapSnapshot;
import io.janklab.workloads.replay.HeapSnapshots;
import io.janklab.workloads.replay.ThreadRole;
import io.janklab.workloads.replay.TraceReplay;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/// A heap trace as a process of its own: a task for each of its threads, of its name and nice value, created when the trace has reached its
/// first record.
///
/// Each thread executes its records in order, at their times if they have any and else as fast as it can; no block is released before it
/// has been allocated.
public record ReplayRun(Device device, KernelProfile kernel, HeapConfig heap, AllocationTrace trace, long seed) {
    /// The name of the process.
    public static final String PROCESS = "replay";

    /// Threads at that nice value or more are in the background's cpuset.
    private static final int BACKGROUND_NICE = 10;
    private static final long LONGEST_NS = 24 * 3600 * 1_000_000_000L;
    /// bionic's default stack, guard page included.
    private static final long STACK_BYTES = 1 << 20;

    /// The result.
    ///
    /// @param heap its counters at the end
    /// @param snapshots the heap's extents over the trace
    public record Result(SeedRun run, MetricSnapshots meters, HeapStats heap, List<HeapSnapshot> snapshots) {}

    /// @throws BadInput if the device is too small for the trace
    public Result execute() {
        try {
            return new UnderWay(this).run();
        } catch (TaskFailure e) {
            throw Run.asBadInput(e);
        }
    }

    /// The run under way.
    private static final class UnderWay {
        private final ReplayRun spec;
        private final AllocationTrace trace;
        private final Kernel kernel;
        private final Process process;
        private final DecayingHeap heap;
        private final TraceReplay replay;
        private final HeapSnapshots snapshots;
        private int born;

        UnderWay(ReplayRun spec) {
            this.spec = spec;
            this.trace = spec.trace;
            this.kernel = new Kernel(new Simulation(spec.seed), spec.device.hardware(), spec.kernel, spec.device.costs());
            this.process = kernel.createProcess(PROCESS);
            long heapSeed = kernel.simulation().random("native-heap").nextLong();
            this.heap = spec.heap.create(process.syscalls(), kernel.scheduler().cpuCount(), HeapCosts.defaults(), heapSeed);
            this.replay = new TraceReplay(trace, heap, process.syscalls().memory());
            this.snapshots = new HeapSnapshots(heap.stats(), trace.records());
        }

        Result run() {
            long hostBegan = System.nanoTime();
            Simulation simulation = kernel.simulation();
            RunRecorder recorder = new RunRecorder(PROCESS);
            RunMetrics meters = new RunMetrics(recorder, simulation::now, new RunTags("replay", spec.kernel.name(), spec.seed));
            recorder.attachTo(kernel.tracepoints());
            bear();
            PurgerThreads.start(heap, spec.heap.purger(), process.syscalls(),
                    (name, nice, body) -> process.spawn(name, TaskAttributes.normal(nice), body));
            try (Standstill _ = Standstill.watch("the replay on " + spec.kernel.name(), simulation)) {
                kernel.run(LONGEST_NS);
            }
            if (!replay.isComplete()) {
                throw new BadInput("the heap trace " + trace.name() + " was not over after a day of virtual time.");
            }
            long hostNs = System.nanoTime() - hostBegan;
            SeedRun run = new SeedRun(spec.seed, simulation.digest().value(), simulation.now(), hostNs, recorder.finish(simulation.now()));
            return new Result(run, meters.scrape(), heap.stats(), snapshots.list());
        }

        /// Starts the threads that are due: those of whose first record all earlier ones have been executed.
        private void bear() {
            while (born < trace.threadCount() && replay.executed() >= trace.recordOf(born, 0)) {
                int thread = born++;
                ThreadRole role = trace.role(thread);
                CpuGroup group = role.nice() >= BACKGROUND_NICE ? CpuGroup.BACKGROUND : CpuGroup.TOP_APP;
                process.spawn(role.name(), spec.device.attributes(role.nice(), group), task -> live(task, thread));
            }
        }

        private void live(Task task, int thread) {
            long stack = process.syscalls().mmap(task, 0, STACK_BYTES, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS);
            if (Errno.isError(stack)) {
                throw new BadInput("the device has no memory for the stack of thread " + trace.tid(thread) + ".");
            }
            process.syscalls().mprotect(task, stack, Hardware.PAGE_SIZE, Mman.PROT_NONE);
            for (int k = 0; k < trace.recordsOf(thread); k++) {
                int record = trace.recordOf(thread, k);
                awaitTime(task, record);
                replay.release(record + 1);
                replay.executeNextWhenReady(task, thread);
                snapshots.executed(replay.executed());
                bear();
            }
            if (trace.op(trace.recordOf(thread, trace.recordsOf(thread) - 1)) == HeapOp.THREAD_DONE) {
                process.syscalls().munmap(task, stack, STACK_BYTES);
            }
            task.settle();
            if (replay.isComplete()) {
                kernel.simulation().stop();
            }
        }

        private void awaitTime(Task task, int record) {
            if (trace.isTimed()) {
                task.sleepUntil(trace.startNs(record) - trace.startNs(0));
            }
        }
    }
}
