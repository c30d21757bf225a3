package io.janklab.explore;

import static io.janklab.kernel.uapi.Mman.*;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.lock.SpinLock;
import io.janklab.kernel.syscall.ProcessMemory;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.trace.LockClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a litmus does: prepared by one task alone, then run by two to four tasks at once, each on a core of its own, then inspected by one
/// task alone. Each schedule has a fresh instance, whose fields are the program's variables, on a fresh kernel.
///
/// Memory is tracked by contents: [#store] writes a stamp to a page, [#load] reads it, 0 where nothing has been stored.
public abstract class LitmusProgram {
    public static final int MOST_TASKS = 4;
    public static final long PAGE = Hardware.PAGE_SIZE;

    /// One of the tasks that run at once.
    public record Role(String name, Process process, Consumer<Task> body) {}

    private final List<Role> roles = new ArrayList<>(MOST_TASKS);
    @SuppressWarnings("NullAway.Init")
    private Kernel kernel;
    @SuppressWarnings("NullAway.Init")
    private Process process;
    private String outcome = "";
    private int variables;

    /// Puts the program on a machine.
    void boot(Kernel machine) {
        kernel = machine;
        process = machine.createProcess("app");
    }

    // What a litmus says

    /// What a task does that runs alone, in words for a sentence.
    protected String doing() {
        return "the only task";
    }

    /// The preparation, by one task, in one order.
    protected void setUp(Task task) {}

    /// How much memory the machine has, in pages.
    protected int memoryPages() {
        return 256;
    }

    /// A run with more steps than that makes no progress.
    protected int mostSteps() {
        return 20_000;
    }

    /// How often others may be granted a lock while a task waits for it; beyond that it starves. The code of no kernel comes near it: a
    /// task of a litmus makes only a few calls.
    protected int mostOvertaken() {
        return 20;
    }

    /// Names the tasks that run at once, with [#task].
    protected abstract void start();

    /// The inspection afterwards: the final condition, by [#check], and the [#outcome].
    protected void finish(Task task) {}

    /// The condition on its outcome, by [#check]: evaluated last, since an error found by the kernel itself says more.
    protected void judge() {}

    // Its vocabulary

    /// A task of the program's process.
    protected final void task(String name, Consumer<Task> body) {
        task(name, process, body);
    }

    /// A task of another process.
    protected final void task(String name, Process owner, Consumer<Task> body) {
        if (roles.size() == MOST_TASKS) {
            throw new IllegalStateException("a litmus has " + MOST_TASKS + " tasks at most");
        }
        roles.add(new Role(name, owner, body));
    }

    /// Adds to the program's outcome: `what=value`.
    protected final void outcome(String what, Object value) {
        outcome += (outcome.isEmpty() ? "" : " ") + what + "=" + value;
    }

    /// A condition of the program.
    ///
    /// @throws ConditionBroken with that sentence, if it does not hold
    protected final void check(boolean holds, @Nullable String sentence) {
        if (!holds) {
            throw new ConditionBroken(Objects.requireNonNull(sentence));
        }
    }

    /// A variable of the program's own that its tasks share.
    protected final Variable variable(String name, long value) {
        return new Variable(kernel, variables++, name, value);
    }

    /// A lock of the program's own, under this kernel's rules.
    protected final RwSemaphore rwSemaphore(String name) {
        return new RwSemaphore(kernel.memory().locking(), LockClass.MUTEX, name);
    }

    /// A spinlock of the program's own.
    protected final SpinLock spinLock() {
        return new SpinLock(kernel.memory().locking(), LockClass.SPINLOCK);
    }

    protected final Kernel kernel() {
        return kernel;
    }

    protected final Process process() {
        return process;
    }

    protected final Syscalls syscalls() {
        return process.syscalls();
    }

    /// Maps `pages` pages of private anonymous memory, readable and writable.
    protected final long map(Task task, int pages) {
        return syscalls().mmap(task, 0, pages * PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
    }

    protected final void store(Task task, long address, long stamp) {
        memory(process).store(task, address, stamp);
    }

    protected final long load(Task task, long address) {
        return memory(process).load(task, address);
    }

    /// The loads and stores of a process.
    protected static ProcessMemory memory(Process owner) {
        return (ProcessMemory) owner.syscalls().memory();
    }

    // What the explorer asks

    public List<Role> roles() {
        return roles;
    }

    public String outcome() {
        return outcome;
    }
}
