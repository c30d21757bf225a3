package io.janklab.workloads.app;

import io.janklab.kernel.Process;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.AppClock;
import io.janklab.workloads.app.process.AppFiles;
import io.janklab.workloads.app.process.AppMemory;
import io.janklab.workloads.app.process.BionicThread;
import io.janklab.workloads.app.process.Completion;
import io.janklab.workloads.app.process.DynamicLinker;
import io.janklab.workloads.app.process.Installed;
import io.janklab.workloads.app.process.OwnMemory;
import io.janklab.workloads.app.process.ProcessGroup;
import io.janklab.workloads.scenario.LaunchModel;
import java.util.List;

/// The work of an app between fork and its first frame: the main thread loads libraries and classes and starts threads, which load classes
/// of their own, fill memory of their own, and write to inherited memory; the main thread waits for some of them.
final class AppStart {
    private static final int THREAD_STEPS = 8;

    private final AppClock clock;
    private final AppMemory memory;
    private final Process process;
    private final ProcessGroup group;
    private final LaunchModel model;
    private final AppFiles files;
    private final List<VirtualFile> libraries;
    private final DynamicLinker linker;
    private final long inheritedHeap;
    private final RandomStream random;
    private final Completion enoughThreads = new Completion();
    private int ended;

    AppStart(
            AppClock clock,
            AppMemory memory,
            Process process,
            ProcessGroup group,
            LaunchModel model,
            Installed installed,
            long inheritedHeap) {
        this.clock = clock;
        this.memory = memory;
        this.process = process;
        this.group = group;
        this.model = model;
        this.files = new AppFiles(memory.mappings(), memory.user(), installed.code());
        this.libraries = installed.libraries();
        this.linker = new DynamicLinker(memory.mappings(), memory.user());
        this.inheritedHeap = inheritedHeap;
        this.random = clock.random("launch");
    }

    /// On the main thread.
    void run(Task task) {
        files.map(task);
        long work = model.mainWork().draw(random);
        int started = 0;
        int loaded = 0;
        int forked = 0;
        for (int step = 1; step <= LaunchModel.MAIN_STEPS; step++) {
            for (; loaded < libraries.size() * step / LaunchModel.MAIN_STEPS; loaded++) {
                linker.load(task, libraries.get(loaded), model.relocatedBytes());
            }
            for (; started < model.threads() * step / LaunchModel.MAIN_STEPS; started++) {
                startThread(task, started);
            }
            for (; forked < model.forks() * step / LaunchModel.MAIN_STEPS; forked++) {
                process.fork(task, "child", (child, main) -> {});
            }
            task.compute(work / LaunchModel.MAIN_STEPS);
            files.load(task, model.mainFileBytes() / LaunchModel.MAIN_STEPS, random);
            writeInherited(task, model.inheritedWrites() / 2 / LaunchModel.MAIN_STEPS, random);
        }
        if (model.awaited() > 0) {
            enoughThreads.await(task);
        }
    }

    private void startThread(Task creator, int number) {
        BionicThread thread = BionicThread.create(creator, memory.mappings(), memory.user());
        RandomStream own = clock.random("launch/thread/" + number);
        group.spawn("init-" + number, 0, task -> initialize(task, thread, own));
    }

    private void initialize(Task task, BionicThread thread, RandomStream own) {
        thread.start(task);
        thread.attach(task);
        OwnMemory filled = new OwnMemory(memory, model.threadBytes(), model.threadMappings());
        long work = model.threadWork().draw(own);
        for (int step = 0; step < THREAD_STEPS; step++) {
            long from = model.threadBytes() * step / THREAD_STEPS;
            filled.map(task, from);
            task.compute(work / THREAD_STEPS);
            filled.write(task, from, from + model.threadBytes() / THREAD_STEPS);
            files.load(task, model.threadFileBytes() / THREAD_STEPS, own);
            writeInherited(task, model.inheritedWrites() / 2 / Math.max(1, model.threads()) / THREAD_STEPS, own);
        }
        thread.exit(task);
        if (++ended == model.awaited()) {
            enoughThreads.complete(task);
        }
    }

    /// Copies pages shared with the zygote.
    private void writeInherited(Task task, long bytes, RandomStream places) {
        long pages = model.zygoteBytes() / Hardware.PAGE_SIZE;
        for (long done = 0; done < bytes; done += Hardware.PAGE_SIZE) {
            memory.user().write(task, inheritedHeap + places.nextLong(pages) * Hardware.PAGE_SIZE, 1);
        }
    }
}
