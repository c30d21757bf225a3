package io.janklab.kernel.cpu;

/// Scheduling class of a task.
public enum SchedPolicy {
    /// `SCHED_NORMAL`, by EEVDF with the weight of its nice value.
    NORMAL,
    /// `SCHED_FIFO`, above every normal task.
    FIFO
}
