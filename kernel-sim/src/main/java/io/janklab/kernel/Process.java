package io.janklab.kernel;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.Mm;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import java.util.function.BiConsumer;
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
        this(kernel, tgid, name, kernel.memory().newMm(tgid, name));
    }

    private Process(Kernel kernel, int tgid, String name, Mm mm) {
        this.kernel = kernel;
        this.tgid = tgid;
        this.name = name;
        this.mm = mm;
        this.syscalls = new KernelSyscalls(mm);
    }

    /// Starts a thread. The first one is the main thread, whose tid is the process's id.
    public Task spawn(String threadName, TaskAttributes attributes, Consumer<Task> body) {
        int tid = hasMainThread ? kernel.scheduler().newTid() : tgid;
        hasMainThread = true;
        return kernel.scheduler().spawn(tid, tgid, threadName, name, attributes, body);
    }

    /// `fork(2)` by `caller`, a task of this process. Java code cannot return twice, so the child is told what to do; its address space
    /// ends with its main thread.
    ///
    /// @return the child's id, or −ENOMEM
    public long fork(Task caller, String childName, BiConsumer<Process, Task> child) {
        int childTgid = kernel.scheduler().newTid();
        Mm copy = mm.fork(caller, childTgid, childName);
        if (copy == null) {
            return -Errno.ENOMEM;
        }
        Process process = new Process(kernel, childTgid, childName, copy);
        kernel.adopt(process);
        TaskAttributes attributes = TaskAttributes.normal(caller.nice(), caller.affinity());
        process.spawn(childName, attributes, task -> {
            child.accept(process, task);
            copy.exit(task);
        });
        return childTgid;
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
