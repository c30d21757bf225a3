package io.janklab.kernel.cpu;

/// How urgent a task is: its own priority (`task_struct::normal_prio`), and a more urgent one lent to it by a waiter for a lock it holds.
/// Lower values are more urgent: 0 … 99 real-time, 100 … 139 fair.
final class Priority {
    private static final int MAX_RT_PRIO = 100;
    private static final int DEFAULT_PRIO = 120;

    private final SchedPolicy policy;
    private final int rtPriority;
    private int nice;
    private int lent = Integer.MAX_VALUE;
    private int effective;

    Priority(TaskAttributes attributes) {
        this.policy = attributes.policy();
        this.rtPriority = attributes.rtPriority();
        this.nice = attributes.nice();
        update();
    }

    private void update() {
        effective = Math.min(own(), lent);
    }

    /// The more urgent of its own and the lent one.
    int effective() {
        return effective;
    }

    int own() {
        return policy == SchedPolicy.FIFO ? MAX_RT_PRIO - 1 - rtPriority : DEFAULT_PRIO + nice;
    }

    int nice() {
        return nice;
    }

    void setNice(int value) {
        nice = value;
        update();
    }

    /// [Integer#MAX_VALUE] where nothing is lent.
    int lent() {
        return lent;
    }

    void lend(int prio) {
        lent = prio;
        update();
    }

    /// Whether the effective one is of the real-time class (`rt_task`).
    boolean isRealTime() {
        return effective < MAX_RT_PRIO;
    }

    /// The effective one as `sched_param::sched_priority`: higher is more urgent.
    int effectiveRtPriority() {
        return MAX_RT_PRIO - 1 - effective;
    }

    /// The effective one as a nice value, of a fair task.
    int effectiveNice() {
        return effective - DEFAULT_PRIO;
    }
}
