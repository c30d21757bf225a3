package io.janklab.kernel;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.cpu.TaskKilled;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A thread group: tasks that share one address space.
public final class Process {
    private final Kernel kernel;
    private final int tgid;
    private final String name;
    private final AddressSpace addressSpace;
    private final Syscalls syscalls;
    private final List<Task> threads = new ArrayList<>();
    private boolean hasMainThread;
    private boolean killed;
    private boolean exited;

    Process(Kernel kernel, int tgid, String name) {
        this(kernel, tgid, name, kernel.addressSpaces().create(tgid, name));
    }

    private Process(Kernel kernel, int tgid, String name, AddressSpace addressSpace) {
        this.kernel = kernel;
        this.tgid = tgid;
        this.name = name;
        this.addressSpace = addressSpace;
        this.syscalls = new KernelSyscalls(addressSpace);
    }

    /// Starts a thread. The first one is the main thread, whose tid is the process's id.
    public Task spawn(String threadName, TaskAttributes attributes, Consumer<Task> body) {
        int tid = hasMainThread ? kernel.scheduler().newTid() : tgid;
        hasMainThread = true;
        Task thread = kernel.scheduler().spawn(tid, tgid, threadName, name, attributes, task -> live(task, body));
        threads.add(thread);
        return thread;
    }

    private void live(Task task, Consumer<Task> body) {
        try {
            body.accept(task);
        } catch (TaskKilled e) {
            // It never came back to user mode.
        }
        threads.remove(task);
        if (killed && threads.isEmpty()) {
            exit(task);
        }
    }

    /// SIGKILL may come while it is ending anyway.
    private void exit(Task last) {
        if (!exited) {
            exited = true;
            addressSpace.exit(last);
            kernel.forget(this);
        }
    }

    /// `kill(2)` with SIGKILL: every thread ends on its next way back to user mode, woken from any sleep that allows it; the last one tears
    /// down the address space.
    ///
    /// @param sender the task that kills and pays for the wake-ups, or null for the kernel
    public void kill(Task sender) {
        killed = true;
        for (Task thread : List.copyOf(threads)) {
            thread.kill(sender);
        }
    }

    /// `fork(2)` by `caller`, a task of this process. Java code cannot return twice, so the child's code is passed in; its address space
    /// ends with its main thread.
    ///
    /// @return the child's id, or −ENOMEM
    /// @throws TaskKilled if SIGKILL reaches the caller meanwhile
    public long fork(Task caller, String childName, BiConsumer<Process, Task> child) {
        Process process = forkWithoutThreads(caller, childName);
        if (process == null) {
            return -Errno.ENOMEM;
        }
        TaskAttributes attributes = TaskAttributes.normal(caller.nice(), caller.affinity());
        process.spawn(childName, attributes, task -> {
            child.accept(process, task);
            process.exit(task);
        });
        return process.tgid;
    }

    /// As [#fork], of a child whose threads are started later.
    ///
    /// @return null for lack of memory
    public @Nullable Process forkWithoutThreads(Task caller, String childName) {
        int childTgid = kernel.scheduler().newTid();
        caller.inSystemCall("fork");
        AddressSpace copy = addressSpace.fork(caller, childTgid, childName);
        caller.inSystemCall(null);
        caller.returnToUserMode();
        if (copy == null) {
            return null;
        }
        Process process = new Process(kernel, childTgid, childName, copy);
        kernel.adopt(process);
        return process;
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

    public AddressSpace addressSpace() {
        return addressSpace;
    }

    /// The state of its address space.
    public Mm mm() {
        return addressSpace.mm();
    }
}
