package io.janklab.workloads.app;

import io.janklab.kernel.Process;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.syscall.BinderFd;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.binder.BinderClient;
import io.janklab.workloads.app.process.AppClock;
import io.janklab.workloads.app.process.AppMemory;
import io.janklab.workloads.app.process.Arrivals;
import io.janklab.workloads.app.process.JavaThread;
import io.janklab.workloads.app.process.ProcessGroup;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.ThreadModel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A thread that the scenario describes ([ThreadModel]): it wakes up with the display or at random, works, and performs the described
/// memory operations.
final class ScenarioThread {
    private static final int PIECES = 4;
    private static final int PROT_RX = Mman.PROT_READ | Mman.PROT_EXEC;

    private final AppClock clock;
    private final AppMemory memory;
    private final BinderClient binder;
    private final Process process;
    private final ProcessGroup group;
    private final Device device;
    private final ThreadModel model;
    private final RandomStream random;
    private final RandomStream calls;
    private final Arrivals arrivals;
    private final long periodNs;
    private final ArrayDeque<Kept> blocks = new ArrayDeque<>();
    private final ArrayDeque<Kept> mappings = new ArrayDeque<>();
    private final ArrayDeque<KeptReply> replies = new ArrayDeque<>();
    private @Nullable JavaThread java;
    private long codeCache;
    private long advised;
    private long readBuffer;

    private record Kept(long address, long untilNs) {}

    private record KeptReply(BinderFd.Transaction reply, long untilNs) {}

    ScenarioThread(
            AppClock clock,
            AppMemory memory,
            BinderClient binder,
            Process process,
            ProcessGroup group,
            Device device,
            ThreadModel model,
            int number) {
        this.clock = clock;
        this.memory = memory;
        this.binder = binder;
        this.process = process;
        this.group = group;
        this.device = device;
        this.model = model;
        this.random = clock.random("thread/" + model.id() + "/" + number);
        this.calls = clock.random("thread/" + model.id() + "/" + number + "/call");
        this.arrivals = new Arrivals(random, model.times(), clock.startNs());
        this.periodNs = device.display().periodNs();
    }

    void start(String name) {
        if (model.cpus() == null && model.rtPriority() == 0) {
            group.spawn(name, model.nice(), this::run);
        } else {
            process.spawn(name, attributes(), this::run);
        }
    }

    private TaskAttributes attributes() {
        TaskAttributes normal = device.attributes(model.nice(), model.cpus() == null ? CpuGroup.TOP_APP : model.cpus());
        return model.rtPriority() == 0 ? normal : TaskAttributes.fifo(model.rtPriority(), normal.affinity());
    }

    private void run(Task task) {
        java = model.javaBytes() > 0 ? memory.attach(task) : null;
        codeCache = model.protectBytes() > 0 ? memory.mappings().map(task, "jit-cache", model.protectBytes()) : 0;
        advised = model.adviseBytes() > 0 ? memory.mappings().map(task, model.name(), model.adviseBytes()) : 0;
        readBuffer = model.readBytes() > 0 ? memory.mappings().map(task, "read " + model.name(), model.readBytes()) : 0;
        if (model.everyFrame()) {
            runEveryFrame(task);
        }
        while (true) {
            arrivals.await(task);
            work(task);
        }
    }

    /// `times` times each, on average.
    private void runEveryFrame(Task task) {
        for (long vsync = clock.startNs(); ; vsync += periodNs) {
            task.sleepUntil(vsync);
            int certain = (int) model.times();
            int times = certain + (random.chance(model.times() - certain) ? 1 : 0);
            for (int i = 0; i < times; i++) {
                work(task);
            }
        }
    }

    /// All random values are drawn in any case, so that no stream shifts with a setting.
    private void work(Task task) {
        long workNs = model.work().draw(random);
        boolean purges = random.chance(model.purgeChance());
        boolean forks = random.chance(model.forkChance());
        giveBack(task);
        call(task);
        read(task);
        allocate(task);
        for (int piece = 0; piece < PIECES; piece++) {
            compute(task, workNs / PIECES);
            write(task, piece);
        }
        if (purges) {
            memory.heap().purge(task);
        }
        if (forks) {
            process.fork(task, process.name() + ":" + model.id(), (child, main) -> main.compute(model.childNs()));
        }
    }

    private void giveBack(Task task) {
        while (!blocks.isEmpty() && blocks.getFirst().untilNs() <= task.now()) {
            memory.heap().free(task, blocks.removeFirst().address());
        }
        while (!mappings.isEmpty() && mappings.getFirst().untilNs() <= task.now()) {
            memory.mappings().unmap(task, mappings.removeFirst().address(), model.mapBytes());
        }
        while (!replies.isEmpty() && replies.getFirst().untilNs() <= task.now()) {
            binder.free(task, replies.removeFirst().reply());
        }
    }

    /// A reply for which there is no room is lost, as Android's TransactionTooLargeException has it.
    private void call(Task task) {
        if (model.callReplyBytes() > 0) {
            long workNs = model.callWork().draw(calls);
            BinderFd.Transaction reply = binder.callAndKeep(task, Hardware.PAGE_SIZE, workNs, model.callReplyBytes());
            if (reply != null) {
                replies.addLast(new KeptReply(reply, task.now() + model.callKeptNs()));
            }
        }
    }

    private void read(Task task) {
        if (model.ioNs() > 0) {
            task.settle();
            task.blockUntil(TaskState.UNINTERRUPTIBLE, task.now() + model.ioNs());
        }
        if (model.readBytes() > 0) {
            memory.syscalls().copyToUser(task, readBuffer, model.readBytes());
        }
    }

    private void allocate(Task task) {
        for (int i = 0; i < model.mallocBlocks(); i++) {
            long block = memory.heap().malloc(task, model.mallocBytes());
            memory.user().write(task, block, model.mallocBytes());
            blocks.addLast(new Kept(block, task.now() + model.mallocKeptNs()));
        }
        if (model.mapBytes() > 0) {
            mappings.addLast(new Kept(memory.mappings().map(task, model.name(), model.mapBytes()), task.now() + model.mapKeptNs()));
        }
        if (java != null) {
            java.enter();
            java.allocate(model.javaBytes());
            java.leave();
        }
    }

    private void compute(Task task, long ns) {
        if (java == null) {
            task.compute(ns);
        } else {
            java.enter();
            java.compute(ns);
            java.leave();
        }
    }

    /// A quarter of what is mapped and of the code cache; the advised buffer whole, at the end.
    private void write(Task task, int piece) {
        if (model.mapBytes() > 0) {
            memory.user().write(task, mappings.getLast().address() + model.mapBytes() / PIECES * piece, model.mapBytes() / PIECES);
        }
        if (model.protectBytes() > 0) {
            memory.mappings().protect(task, codeCache, model.protectBytes(), Mman.PROT_RW);
            memory.user().write(task, codeCache + model.protectBytes() / PIECES * piece, model.protectBytes() / PIECES);
            memory.mappings().protect(task, codeCache, model.protectBytes(), PROT_RX);
        }
        if (model.adviseBytes() > 0 && piece == PIECES - 1) {
            memory.user().write(task, advised, model.adviseBytes());
            // Programs like these ignore the error of a kernel that lacks the advice.
            memory.syscalls().madvise(task, advised, model.adviseBytes(), model.advice());
        }
    }
}
