package io.janklab.workloads.recording.replay;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.workloads.recording.workload.Beside;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Usual;
import io.janklab.workloads.recording.workload.Workload;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What the threads of a replay share: the machine, the files, and what has been observed of their calls.
final class ReplayState {
    private static final long MOST_FILE_PAGES = 1 << 16;

    private final Kernel kernel;
    final Workload workload;
    final ObservedFigures figures = new ObservedFigures();
    final Map<String, Usual> usual = new HashMap<>();
    private final Map<Long, VirtualFile> files = new HashMap<>();
    final Others others;
    final CallProgress progress;
    final OwnTimes ownTimes;
    /// Whether the kernel preempts anywhere.
    final boolean isPreemptible;

    /// @param isOther whether the thread of that index is load only
    ReplayState(Kernel kernel, Workload workload, IntPredicate isOther, OwnTimes ownTimes) {
        this.ownTimes = ownTimes;
        this.kernel = kernel;
        this.workload = workload;
        this.others = new Others(kernel, workload.cores, isOther);
        this.progress = new CallProgress(kernel.simulation());
        this.isPreemptible = kernel.scheduler().preemptsKernel();
    }

    private final Map<CallWork, CallWork> works = new HashMap<>();
    private @Nullable Consumer<ComparedCall> comparison;

    /// Who gets the calls whose recorded time is known, when they are over.
    void compareFor(Consumer<ComparedCall> receiver) {
        comparison = receiver;
    }

    /// Whether what calls do is to be counted.
    boolean isComparing() {
        return comparison != null;
    }

    void compared(int thread, CallWork work, long tookNs, Beside beside) {
        if (comparison != null) {
            comparison.accept(new ComparedCall(thread, works.computeIfAbsent(work, same -> same), tookNs, beside));
        }
    }

    /// A file of that length, in memory.
    VirtualFile file(long length) {
        return files.computeIfAbsent(length, bytes -> {
            int pages = (int) Math.min(Integer.MAX_VALUE / 2, (bytes + Hardware.PAGE_SIZE - 1) / Hardware.PAGE_SIZE);
            VirtualFile file = kernel.memory().pageCache().create("file of " + bytes, pages);
            kernel.memory().pageCache().preload(file, 0, Math.min(pages, MOST_FILE_PAGES));
            return file;
        });
    }
}
