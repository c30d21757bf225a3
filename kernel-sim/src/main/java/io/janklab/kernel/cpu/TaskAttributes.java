package io.janklab.kernel.cpu;

/// How a task is scheduled: policy, nice value (normal tasks), real-time priority 1–99 (FIFO tasks), allowed cores and utilization clamp.
public record TaskAttributes(SchedPolicy policy, int nice, int rtPriority, CpuSet affinity, UtilClamp uclamp) {
    public TaskAttributes {
        Nice.check(nice);
        if (policy == SchedPolicy.FIFO && (rtPriority < 1 || rtPriority > 99)) {
            throw new IllegalArgumentException("a SCHED_FIFO priority must lie in 1..99, not " + rtPriority);
        }
    }

    public static TaskAttributes normal(int nice) {
        return new TaskAttributes(SchedPolicy.NORMAL, nice, 0, CpuSet.ALL, UtilClamp.NONE);
    }

    public static TaskAttributes normal(int nice, CpuSet affinity) {
        return new TaskAttributes(SchedPolicy.NORMAL, nice, 0, affinity, UtilClamp.NONE);
    }

    public static TaskAttributes fifo(int rtPriority, CpuSet affinity) {
        return new TaskAttributes(SchedPolicy.FIFO, 0, rtPriority, affinity, UtilClamp.NONE);
    }

    /// The same under another clamp.
    public TaskAttributes with(UtilClamp clamp) {
        return new TaskAttributes(policy, nice, rtPriority, affinity, clamp);
    }
}
