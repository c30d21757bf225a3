package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.trace.TaskState;
import io.janklab.workloads.replay.HeapTrace;
import io.janklab.workloads.replay.Op;
import io.janklab.workloads.replay.Replay;

/// Who executes which thread of the heap trace.
///
/// The trace's first thread is the UI thread. In a generated trace the next busiest is the RenderThread and the others are hwui's
/// workers, Binder threads and a background pool; of a recorded trace's other threads no name is known, so each is a plain thread of
/// the app (nice 0), born at its first record and gone after its `thread_done`.
final class TraceThreads {
    private static final String[] NAMES = {
        "main", "RenderThread", "hwuiTask0", "hwuiTask1", "binder:1", "binder:2", "binder:3", "binder:4"
    };
    private static final int[] NICE = {-10, -10, -2, -2, 0, 0, 0, 0};

    private final AppParts app;
    private final Replay replay;
    private final HeapTrace trace;
    private final long workNsPerRecord;
    private final WaitQueue[] idle;
    private final boolean[] born;

    TraceThreads(AppParts app) {
        this.app = app;
        this.replay = app.replay();
        this.trace = replay.trace();
        this.workNsPerRecord = app.scenario().nativeHeap().workNsPerRecord();
        this.idle = new WaitQueue[trace.threadCount()];
        this.born = new boolean[trace.threadCount()];
        born[0] = true;
        if (renderThread() != TraceShare.NONE) {
            born[renderThread()] = true;
        }
    }

    /// The UI thread's part of the trace.
    TraceShare uiShare() {
        return new TraceShare(replay, 0);
    }

    /// The RenderThread's part of the trace.
    TraceShare renderShare() {
        return new TraceShare(replay, renderThread());
    }

    private int renderThread() {
        return trace.isRecorded() || trace.threadCount() < 2 ? TraceShare.NONE : 1;
    }

    /// Lets every thread execute its records before `limit`; those that have any are born or woken.
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
        app.group().spawn(name(thread), nice(thread), task -> run(task, thread));
    }

    private String name(int thread) {
        if (trace.isRecorded()) {
            return "Thread-" + trace.tid(thread);
        }
        return thread < NAMES.length ? NAMES[thread] : "pool-1-thread-" + (thread - NAMES.length + 1);
    }

    private int nice(int thread) {
        if (trace.isRecorded()) {
            return 0;
        }
        return thread < NICE.length ? NICE[thread] : AndroidApp.BACKGROUND_NICE;
    }

    private void run(Task task, int thread) {
        BionicThread itself = BionicThread.create(task, app.mappings(), app.memory());
        itself.start(task);
        Op last;
        do {
            awaitRelease(task, thread);
            last = replay.executeNextWhenReady(task, thread);
            task.charge(workNsPerRecord);
        } while (last != Op.THREAD_DONE);
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
