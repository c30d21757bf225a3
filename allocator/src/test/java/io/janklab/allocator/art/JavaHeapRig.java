package io.janklab.allocator.art;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/// A Java heap of some 16 MiB on a simulated machine, its HeapTaskDaemon, and a record of its calls to the kernel and its trace markers.
final class JavaHeapRig implements TraceListener {
    static final long MS = 1_000_000;
    static final long MIB = 1 << 20;
    static final int DONTNEED = 4;
    static final int FREE = 8;

    record Advice(String thread, int advice, long start, long length, MadvisePath path) {}

    record Slice(String thread, String name, long begin, long end) {}

    final Machine machine;
    final JavaHeap heap;
    final TaskProcessor processor;
    final Task daemon;
    final List<Advice> advices = new ArrayList<>();
    final List<Slice> slices = new ArrayList<>();
    /// Nice of the HeapTaskDaemon whenever a slice of that name began.
    final Map<String, Set<Integer>> daemonNice = new HashMap<>();
    /// SIGBUS taken, by thread.
    final Map<String, Integer> userfaults = new HashMap<>();
    private final List<MapsLine> mappings;
    private final List<Slice> open = new ArrayList<>();

    JavaHeapRig(KernelFixture kernels, KernelVersion version, JavaHeapOptions options) {
        this(kernels, KernelProfile.of(version, Architecture.ARM64), options);
    }

    JavaHeapRig(KernelFixture kernels, KernelProfile kernel, JavaHeapOptions options) {
        machine = kernels.boot(kernel, Architecture.ARM64);
        machine.attach(this);
        processor = new TaskProcessor(machine.syscalls);
        heap = new JavaHeap(machine.syscalls, machine.kernel.tracepoints(), processor, options);
        machine.spawn("start", 0, heap::start);
        run(200 * MS);
        mappings = mappingsNow();
        advices.clear();
        daemon = machine.spawn("HeapTaskDaemon", 4, processor::runAllTasks);
    }

    static JavaHeapOptions options(CollectorType collector) {
        return options(collector, CompactionIoctl.COPY, new Lifetimes(16 * MIB, 0.5, 0.25));
    }

    static JavaHeapOptions options(CollectorType collector, CompactionIoctl ioctl, Lifetimes lifetimes) {
        FootprintOptions footprint = new FootprintOptions(4 * MIB, 64 * MIB, 0.5, 2 * MIB, 8 * MIB, 2);
        return new JavaHeapOptions(collector, ioctl, ReleaseAdvice.ART, footprint, lifetimes, costs(), true);
    }

    static CollectorCosts costs() {
        return new CollectorCosts(600_000, 2_000, 130, 20_000, 200_000, 0.15, 120);
    }

    /// A thread in managed code.
    Task managed(String name, int nice, ObjLongConsumer<Mutator> body, long argument) {
        return machine.spawn(name, nice, task -> {
            Mutator mutator = heap.attach(task);
            heap.enter(mutator);
            body.accept(mutator, argument);
            heap.leave(mutator);
            heap.detach(mutator);
        });
    }

    Task managed(String name, int nice, Consumer<Mutator> body) {
        return managed(name, nice, (mutator, nothing) -> body.accept(mutator), 0);
    }

    /// A thread that allocates `bytes` in pieces, reads old objects and computes in between.
    Task allocator(String name, int nice, long bytes) {
        return managed(name, nice, mutator -> {
            for (long left = bytes; left > 0; left -= 24 << 10) {
                heap.allocate(mutator, 12 << 10);
                heap.touch(mutator, (double) (left * 7919 % 10_007) / 10_007);
                heap.allocateArray(mutator, 12 << 10);
                heap.compute(mutator, 20_000);
            }
        });
    }

    /// Lets `ns` of time pass.
    void run(long ns) {
        machine.kernel.run(machine.kernel.simulation().now() + ns);
    }

    String digest() {
        return machine.kernel.simulation().digest().toString();
    }

    List<Slice> slicesOf(String thread, String nameEnd) {
        return slices.stream().filter(slice -> slice.thread().equals(thread) && slice.name().endsWith(nameEnd)).toList();
    }

    /// Calls on the mapping that was made under that name.
    List<Advice> advicesOn(String mapping) {
        MapsLine line = mappings.stream().filter(one -> one.name().equals("dalvik-" + mapping)).findFirst().orElseThrow();
        return advices.stream().filter(one -> one.start() >= line.start() && one.start() < line.end()).toList();
    }

    private record MapsLine(long start, long end, String name) {}

    private List<MapsLine> mappingsNow() {
        return machine.mm.vmas().list().stream().map(vma -> new MapsLine(vma.start(), vma.end(), vma.anonName())).toList();
    }

    int vmas() {
        return machine.mm.vmas().list().size();
    }

    @Override
    public void madvise(
            long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result, long beganAt) {
        advices.add(new Advice(task.name(), advice, start, length, path));
    }

    @Override
    public void pageFault(
            long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries,
                    long beganAt) {
        if (kind == FaultKind.USERFAULT) {
            userfaults.merge(task.name(), 1, Integer::sum);
        }
    }

    @Override
    public void sliceBegin(long now, TracedTask task, String name, long argument) {
        open.add(new Slice(task.name(), name, now, 0));
        if (daemon != null) {
            daemonNice.computeIfAbsent(name, first -> new HashSet<>()).add(daemon.nice());
        }
    }

    @Override
    public void sliceEnd(long now, TracedTask task) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i).thread().equals(task.name())) {
                Slice begun = open.remove(i);
                slices.add(new Slice(begun.thread(), begun.name(), begun.begin(), now));
                return;
            }
        }
    }
}
