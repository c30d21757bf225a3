package io.janklab.workloads.recording.workload;

/// A thread and all that it does.
public final class RecordedThread {
    public final int index;
    public final int tid;
    public int tgid;
    public String name;
    /// The kernel's: 100 to 139 for nice −20 to 19, below for real time.
    public int prio = 120;
    /// Whether another thread's [Op#SPAWN] begins it; else it existed before.
    public boolean isSpawned;
    /// Index of that thread.
    public int parent = -1;
    /// When it was first seen (ns since the recording began).
    public long beginsAt;
    /// Whether its timers are set to times, not for durations.
    public boolean isPeriodic;
    public Ops ops;
    public long cpuNs;
    /// Page faults.
    public long faults;
    /// Alive and recorded.
    public long aliveNs;
    /// Of that, sleeping for unknown reasons.
    public long unknownNs;

    public RecordedThread(int index, int tid, Ops ops) {
        this.index = index;
        this.tid = tid;
        this.ops = ops;
        this.tgid = tid;
        this.name = "tid " + tid;
    }
}
