package io.janklab.kernel;

import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.SchedPolicy;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.Mm;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.syscall.Syscalls;
import java.util.function.Consumer;

/// A thread group: tasks that share one address space.
public final class Process {
    private final Kernel kernel;
    private final int tgid;
    private final String name;
    private final Mm mm;
    private final Syscalls syscalls;
    private boolean hasMainThread;

    Process(Kernel kernel, int tgid, String name) {
        this.kernel = kernel;
        this.tgid = tgid;
        this.name = name;
        this.mm = kernel.memory().newMm(tgid, name);
        this.syscalls = new KernelSyscalls(mm);
    }

    /// Starts a thread. The first one is the main thread, whose tid is the process's id.
    public Task spawn(String threadName, TaskAttributes attributes, Consumer<Task> body) {
        int tid = hasMainThread ? kernel.scheduler().newTid() : tgid;
        hasMainThread = true;
        return kernel.scheduler().spawn(tid, tgid, threadName, name, attributes, body);
    }

    /// [#spawn] with the parts of its attributes; `niceOrRtPriority` is read as the policy asks.
    public Task spawn(String threadName, SchedPolicy policy, int niceOrRtPriority, CpuSet affinity, Consumer<Task> body) {
        TaskAttributes attributes = policy == SchedPolicy.FIFO
                ? TaskAttributes.fifo(niceOrRtPriority, affinity)
                : TaskAttributes.normal(niceOrRtPriority, affinity);
        return spawn(threadName, attributes, body);
    }

    public int tgid() {
        return tgid;
    }

    public String name() {
        return name;
    }

    public Syscalls syscalls() {
        return syscalls;
    }

    public Mm mm() {
        return mm;
    }
}
