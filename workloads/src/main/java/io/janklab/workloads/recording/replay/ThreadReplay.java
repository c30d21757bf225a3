package io.janklab.workloads.recording.replay;

import io.janklab.kernel.Process;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedFrame;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Sleep;
import io.janklab.workloads.recording.workload.Spawn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One recorded thread as a task.
///
/// Recorded work has the recorded kernel's switches, wake-ups and faults in it, which the simulated one adds again: their cost is
/// subtracted from the work that follows.
final class ThreadReplay {
    /// How long after its time Linux may let a normal thread's timer end (`timer_slack_ns`); recorded ends are spread over it, and so are
    /// ours.
    private static final long TIMER_SLACK_NS = 50_000;
    private static final long MOST_OWED_NS = 20_000;
    /// Used where the recording has too few faults.
    private static final long USUAL_FAULT_NS = 700;

    private record Waiter(int ops, Task task) {}

    private final RecordingProgram program;
    private final RecordedThread recorded;
    private final Process process;
    private final MemoryReplay memory;
    private final RandomStream slack;
    private final List<Waiter> waiters = new ArrayList<>();
    private final Deque<Long> sliceBegins = new ArrayDeque<>();
    private final Deque<Integer> sliceNames = new ArrayDeque<>();
    private int done;
    private boolean isOver;
    private boolean hasExited;
    private long owed;

    ThreadReplay(RecordingProgram program, RecordedThread recorded, Process process, Image image) {
        this.program = program;
        this.recorded = recorded;
        this.process = process;
        this.memory = new MemoryReplay(program.state, recorded.index, image);
        this.slack = program.kernel.simulation().random("timer-slack/" + recorded.index);
    }

    void run(Task task) {
        Ops.Reader ops = recorded.ops.reader();
        Op op = ops.next();
        while (op != null) {
            if (op == Op.TOUCH) {
                op = touch(task, ops);
            } else {
                execute(task, op, ops);
                done++;
                op = ops.next();
            }
            wakeWaiters();
        }
        task.settle();
        isOver = true;
        wakeWaiters();
        if (!hasExited) {
            program.ranUntil(task.now());
        }
    }

    private void wakeWaiters() {
        for (int i = waiters.size() - 1; i >= 0; i--) {
            if (isOver || done >= waiters.get(i).ops) {
                waiters.remove(i).task.wake(null);
            }
        }
    }

    private void execute(Task task, Op op, Ops.Reader ops) {
        switch (op) {
            case COMPUTE -> compute(task, ops.operand(0));
            case TRACED -> {
                if (program.isTraced()) {
                    task.compute(ops.operand(0));
                }
            }
            case SLEEP -> sleep(task, ops.operand(0), ops.operand(1), Sleep.of(ops.operand(2)));
            case AWAIT -> await(task, ops);
            case SIGNAL -> signal(task, ops.operand(0));
            case NEEDS -> need(task, (int) ops.operand(0), (int) ops.operand(1));
            case SPAWN -> program.start((int) ops.operand(0), task, memory, Spawn.of(ops.operand(1)));
            case EXEC -> exec(task, (int) ops.operand(0));
            case EXIT -> exit(task);
            case WITHOUT_CORE -> standBack(task, ops.operand(0), ops.operand(1), (int) ops.operand(2));
            case SLICE_BEGIN -> sliceBegin(task, (int) ops.operand(0), ops.operand(1));
            case SLICE_END -> sliceEnd(task, ops.operand(0));
            default -> memory.call(task, op, ops);
        }
    }

    private void compute(Task task, long work) {
        long paid = Math.min(work, owed);
        owed -= paid;
        task.compute(work - paid);
    }

    private void owe(long ns) {
        owed = Math.max(owed, Math.min(MOST_OWED_NS, owed + ns));
    }

    // Without a core

    /// Others have the cores, for as long as they had them at this point of the thread.
    private void standBack(Task task, long since, long until, int core) {
        task.settle();
        program.state.others.keepOtherCores(task, since, until, core);
        long length = program.state.others.keep(since, until, core);
        if (length > 0) {
            task.blockUntil(TaskState.INTERRUPTIBLE, task.now() + length);
            owe(cost(Cost.CONTEXT_SWITCH));
        }
    }

    // Address spaces

    /// The time of `execve` itself is recorded work: the replay's time for it is deducted in full.
    private void exec(Task task, int image) {
        task.settle();
        long began = task.now();
        memory.exec(task, program.execute(task, recorded.tgid, image));
        task.settle();
        owed += task.now() - began;
    }

    private void exit(Task task) {
        task.settle();
        hasExited = true;
        program.ranUntil(task.now());
        memory.exit(task);
    }

    /// @return the op that follows it (null at the end), and what befell the thread in the fault
    private @Nullable Op touch(Task task, Ops.Reader ops) {
        long address = ops.operand(0);
        long how = ops.operand(1);
        int count = 1;
        Op next = ops.next();
        for (; next == Op.FAULT_LOSES_CORE; next = ops.next()) {
            memory.call(task, next, ops);
            count++;
        }
        long cold = task.coldEntriesNs();
        memory.touch(task, address, how);
        done += count;
        owe((program.workload.faultNs > 0 ? program.workload.faultNs : USUAL_FAULT_NS) + task.coldEntriesNs() - cold);
        return next;
    }

    // Sleeping

    private void sleep(Task task, long length, long end, Sleep kind) {
        task.settle();
        boolean until = kind == Sleep.UNTIL || (kind == Sleep.TIMER && recorded.isPeriodic);
        long jitter = kind == Sleep.ANSWER || kind == Sleep.UNKNOWN ? 0 : slack.nextInt((int) TIMER_SLACK_NS) - TIMER_SLACK_NS / 2;
        long time = (until ? program.began() + end : task.now() + length) + jitter;
        if (time > task.now()) {
            task.blockUntil(kind == Sleep.ANSWER ? TaskState.UNINTERRUPTIBLE : TaskState.INTERRUPTIBLE, time);
            owe(cost(Cost.CONTEXT_SWITCH));
        }
    }

    private void await(Task task, Ops.Reader ops) {
        int waker = (int) ops.operand(3);
        if (!program.isTarget(waker)) {
            sleep(task, ops.operand(1), ops.operand(2), Sleep.of(ops.operand(4)));
            return;
        }
        task.settle();
        long number = ops.operand(0);
        boolean slept = false;
        while (!program.signalled.get((int) number)) {
            program.awaiting.put(number, task);
            task.block(TaskState.INTERRUPTIBLE);
            slept = true;
        }
        if (slept) {
            owe(cost(Cost.CONTEXT_SWITCH));
        }
    }

    private void signal(Task task, long number) {
        task.settle();
        program.signalled.set((int) number);
        Task sleeper = program.awaiting.remove(number);
        if (sleeper != null) {
            sleeper.wake(task);
        }
        owe(cost(Cost.WAKE));
    }

    private void need(Task task, int thread, int ops) {
        if (!program.isTarget(thread)) {
            return;
        }
        task.settle();
        ThreadReplay other = program.thread(thread);
        while (other != null && !other.isOver && other.done < ops) {
            other.waiters.add(new Waiter(ops, task));
            task.block(TaskState.INTERRUPTIBLE);
        }
    }

    private long cost(Cost cost) {
        return program.kernel.memory().costs().ns(cost);
    }

    // Slices

    private void sliceBegin(Task task, int name, long token) {
        task.settle();
        sliceBegins.push(task.now());
        sliceNames.push(name);
        tracepoints().sliceBegin(task.now(), task, program.workload.names.get(name), token);
    }

    private void sliceEnd(Task task, long token) {
        task.settle();
        if (sliceBegins.isEmpty()) {
            return;
        }
        long began = sliceBegins.pop();
        String name = program.workload.names.get(sliceNames.pop());
        String key = ObservedFigures.isFrame(name) ? name : ObservedFigures.operation(name);
        program.state.figures.latencies.add(key, task.name(), task.now() - began);
        tracepoints().sliceEnd(task.now(), task);
        RecordedFrame frame = name.equals(ObservedFigures.DRAW_FRAME) ? program.workload.frames.get(token) : null;
        if (frame != null) {
            long end = task.now() + frame.tailNs();
            long zero = program.began();
            tracepoints().frame(
                    task.now(), process.tgid(), token, zero + frame.expectedStart(), zero + frame.expectedEnd(), began, end);
        }
    }

    private Tracepoints tracepoints() {
        return program.kernel.tracepoints();
    }
}
