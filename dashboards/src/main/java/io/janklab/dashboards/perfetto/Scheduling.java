package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.BlockedReason;
import io.janklab.dashboards.perfetto.Fields.CpuFrequency;
import io.janklab.dashboards.perfetto.Fields.Ftrace;
import io.janklab.dashboards.perfetto.Fields.SchedSwitch;
import io.janklab.dashboards.perfetto.Fields.SchedWaking;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `sched_switch`, `sched_waking` and `sched_blocked_reason`, with the states' numbers of kernels from 4.14 on.
final class Scheduling {
    private static final int IDLE_PID = 0;
    private static final int IDLE_PRIO = 120;

    private final FtraceBundles ftrace;
    private final BlockedCallers callers;
    /// The task on each CPU; null for idle.
    private final List<@Nullable TraceThread> running = new ArrayList<>();

    Scheduling(FtraceBundles ftrace, BlockedCallers callers) {
        this.ftrace = ftrace;
        this.callers = callers;
    }

    /// Only updates the state; [#writeSwitch] does the writing.
    void switched(int cpu, @Nullable TraceThread next) {
        while (running.size() <= cpu) {
            running.add(null);
        }
        running.set(cpu, next);
    }

    void writeSwitch(long now, int cpu, @Nullable TraceThread prev, TaskState prevState, @Nullable TraceThread next) {
        ProtoMessage event = new ProtoMessage()
                .text(SchedSwitch.PREV_COMM, comm(prev, cpu))
                .number(SchedSwitch.PREV_PID, pid(prev))
                .number(SchedSwitch.PREV_PRIO, prio(prev))
                .number(SchedSwitch.PREV_STATE, prev == null ? 0 : number(prevState))
                .text(SchedSwitch.NEXT_COMM, comm(next, cpu))
                .number(SchedSwitch.NEXT_PID, pid(next))
                .number(SchedSwitch.NEXT_PRIO, prio(next));
        ftrace.add(cpu, next == null ? now : next.dateOn(cpu, now), pid(prev), Ftrace.SCHED_SWITCH, event);
    }

    private static String comm(@Nullable TraceThread thread, int cpu) {
        return thread == null ? "swapper/" + cpu : TraceIds.comm(thread.task());
    }

    private static int pid(@Nullable TraceThread thread) {
        return thread == null ? IDLE_PID : thread.tid();
    }

    private static int prio(@Nullable TraceThread thread) {
        return thread == null ? IDLE_PRIO : thread.task().prio();
    }

    /// `TASK_REPORT` and, for the preempted, `TASK_REPORT_MAX`.
    private static int number(TaskState state) {
        return switch (state) {
            case RUNNING -> 0;
            case INTERRUPTIBLE -> 1;
            case UNINTERRUPTIBLE -> 2;
            case DEAD -> 0x10;
            case RUNNABLE -> 0x100;
        };
    }

    /// Written into the buffer of the CPU that `woken` will run on, not its waker's: where both see the same nanosecond, only the order
    /// within a buffer shows readers what came first.
    ///
    /// @param waker null for a timer or an interrupt
    void writeWaking(long now, @Nullable TraceThread waker, TraceThread woken, int targetCpu) {
        TracedTask task = woken.task();
        ProtoMessage event = new ProtoMessage()
                .text(SchedWaking.COMM, TraceIds.comm(task))
                .number(SchedWaking.PID, TraceIds.tid(task))
                .number(SchedWaking.PRIO, task.prio())
                .number(SchedWaking.SUCCESS, 1)
                .number(SchedWaking.TARGET_CPU, targetCpu);
        long date = woken.dateOn(targetCpu, now);
        ftrace.add(targetCpu, date, pid(waker), Ftrace.SCHED_WAKING, event);
        if (woken.state() == TaskState.UNINTERRUPTIBLE) {
            ftrace.add(targetCpu, date, pid(waker), Ftrace.SCHED_BLOCKED_REASON, blockedReason(woken));
        }
    }

    /// A task that slept in D state, but not for a lock, waited for a page's contents.
    private ProtoMessage blockedReason(TraceThread woken) {
        return new ProtoMessage()
                .number(BlockedReason.PID, woken.tid())
                .number(BlockedReason.IO_WAIT, woken.lockWait() == null ? 1 : 0)
                .number(BlockedReason.CALLER, callers.of(woken.task(), woken.lockWait()));
    }

    /// `cpu_frequency`.
    void writeFrequency(long now, int cpu, int khz) {
        ftrace.add(cpu, now, IDLE_PID, Ftrace.CPU_FREQUENCY,
                new ProtoMessage().number(CpuFrequency.STATE, khz).number(CpuFrequency.CPU_ID, cpu));
    }

    /// A window begins: running tasks appear.
    void open(long now) {
        for (int cpu = 0; cpu < running.size(); cpu++) {
            if (running.get(cpu) != null) {
                writeSwitch(now, cpu, null, TaskState.RUNNING, running.get(cpu));
            }
        }
    }

    /// A window ends: running tasks leave, as if preempted.
    void close(long now) {
        for (int cpu = 0; cpu < running.size(); cpu++) {
            if (running.get(cpu) != null) {
                writeSwitch(now, cpu, running.get(cpu), TaskState.RUNNABLE, null);
            }
        }
    }
}
