package io.janklab.kernel.check;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import java.util.function.Consumer;

/// A machine under test with one process, `app`, and any number of tasks.
public final class Machine {
    private static final long MOST_VIRTUAL_NS = 600_000_000_000L;

    public final Kernel kernel;
    public final MemoryManager memory;
    public final Process process;
    public final Mm mm;
    public final KernelSyscalls syscalls;

    public Machine(Kernel kernel) {
        this.kernel = kernel;
        memory = kernel.memory();
        process = kernel.createProcess("app");
        mm = process.mm();
        syscalls = new KernelSyscalls(process.addressSpace());
    }

    public void attach(TraceListener listener) {
        kernel.tracepoints().attach(listener);
    }

    /// A task of the process, on any core.
    public Task spawn(String name, int nice, Consumer<Task> body) {
        return process.spawn(name, TaskAttributes.normal(nice), body);
    }

    /// A task of the process, on one core.
    public Task spawnOn(int cpu, String name, int nice, Consumer<Task> body) {
        return process.spawn(name, TaskAttributes.normal(nice, new CpuSet(1L << cpu)), body);
    }

    /// The kernel as it is now: no other task inside it, RCU drained.
    public void validate() {
        new KernelValidator(memory, kernel.scheduler()).check();
    }

    /// Runs one task to its end, and everything else meanwhile.
    public void run(Consumer<Task> body) {
        spawn("main", 0, body);
        run();
    }

    /// Runs until every task has ended.
    ///
    /// @throws IllegalStateException if some never do
    public void run() {
        kernel.run(kernel.simulation().now() + MOST_VIRTUAL_NS);
        for (Task task : kernel.scheduler().tasks()) {
            if (task.tgid() == process.tgid() && task.state() != TaskState.DEAD) {
                throw new IllegalStateException(task + " never ended: " + task.state() + ", holds " + task.held());
            }
        }
    }
}
