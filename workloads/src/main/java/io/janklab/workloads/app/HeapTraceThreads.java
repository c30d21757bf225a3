package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.trace.TaskState;
import io.janklab.workloads.app.process.AppMemory;
import io.janklab.workloads.app.process.BionicThread;
import io.janklab.workloads.app.process.ProcessGroup;
import io.janklab.workloads.replay.HeapOp;
import io.janklab.workloads.replay.HeapTrace;
import io.janklab.workloads.replay.ThreadRole;
import io.janklab.workloads.replay.TraceReplay;
import io.janklab.workloads.scenario.HelperNice;
import io.janklab.workloads.scenario.NativeHeapModel;

/// Which thread executes which thread of the heap trace: the app's own UI thread and RenderThread those of the same name, and for each
/// other thread a new one of its name and nice value, created at its first record and ended after its `thread_done`.
final class HeapTraceThreads {
    private final ProcessGroup group;
    private final AppMemory memory;
    private final TraceReplay replay;
    private final HeapTrace trace;
    private final long workNsPerRecord;
    private final HelperNice nice;
    private final int main;
    /// Or [TraceShare#NONE].
    private final int render;
    private final WaitQueue[] idle;
    private final boolean[] born;

    /// @param model what a thread computes beside each record, and how urgent it is
    HeapTraceThreads(ProcessGroup group, AppMemory memory, TraceReplay replay, NativeHeapModel model) {
        this.group = group;
        this.memory = memory;
        this.replay = replay;
        this.trace = replay.trace();
        this.workNsPerRecord = model.workNsPerRecord();
        this.nice = model.nice();
        this.idle = new WaitQueue[trace.threadCount()];
        this.born = new boolean[trace.threadCount()];
        this.main = trace.threadNamed(ThreadRole.MAIN);
        this.render = trace.threadNamed(ThreadRole.RENDER_THREAD);
        born[main] = true;
        if (render != TraceShare.NONE) {
            born[render] = true;
        }
    }

    /// The UI thread's part of the trace.
    TraceShare uiShare() {
        return new TraceShare(replay, main);
    }

    /// The RenderThread's part of the trace.
    TraceShare renderShare() {
        return new TraceShare(replay, render);
    }

    /// Lets every thread execute its records before `limit`; those that have any are created or woken.
    void release(long limit) {
        replay.release(limit, this::bearOrWake);
    }

    private void bearOrWake(int thread) {
        if (!born[thread]) {
            born[thread] = true;
            idle[thread] = new WaitQueue();
            spawn(thread);
        } else if (idle[thread] != null) {
            idle[thread].wakeOne(null);
        }
    }

    private void spawn(int thread) {
        group.spawn(trace.role(thread).name(), nice.of(trace.role(thread)), task -> run(task, thread));
    }

    private void run(Task task, int thread) {
        BionicThread itself = BionicThread.create(task, memory.mappings(), memory.user());
        itself.start(task);
        HeapOp last;
        do {
            awaitRelease(task, thread);
            last = replay.executeNextWhenReady(task, thread);
            task.charge(workNsPerRecord);
        } while (last != HeapOp.THREAD_DONE);
        itself.exit(task);
    }

    private void awaitRelease(Task task, int thread) {
        while (!replay.isDue(thread)) {
            task.settle();
            if (!replay.isDue(thread)) {
                idle[thread].await(task, TaskState.INTERRUPTIBLE);
            }
        }
    }
}
