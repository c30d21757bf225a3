package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.sim.Coroutine;
import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Switches cores between tasks: EEVDF with nice weights below, SCHED_FIFO above, wake-up preemption, pulling by idle cores
/// (Linux 6.12 `kernel/sched/{core,fair,rt}.c`). [Placement] chooses the core.
public final class Scheduler {
    /// One jiffy at HZ = 250.
    public static final long TICK_NS = 4_000_000;
    /// `sysctl_sched_base_slice`, before scaling by 1 + log2(min(cores, 8)).
    private static final long BASE_SLICE_NS = 750_000;

    private final Simulation simulation;
    private final Tracepoints tracepoints;
    private final CostModel costs;
    private final RandomStream ipiDelivery;
    private final RandomStream idleExits;
    private final RandomStream coldEntries;
    private final boolean preemptsKernel;
    private final Interleaving interleaving;
    private final Cpu[] cpus;
    private final long slice;
    private final Placement placement;
    private final List<Task> tasks = new ArrayList<>();
    private int lastTid;

    public Scheduler(Simulation simulation, Tracepoints tracepoints, Hardware hardware, CostModel costs) {
        this(simulation, tracepoints, hardware, costs, true, Interleaving.NONE);
    }

    /// @param preemptsKernel whether tasks can be preempted anywhere in the kernel, as under `CONFIG_PREEMPT`
    public Scheduler(Simulation simulation, Tracepoints tracepoints, Hardware hardware, CostModel costs, boolean preemptsKernel,
            Interleaving interleaving) {
        this.preemptsKernel = preemptsKernel;
        this.simulation = simulation;
        this.interleaving = interleaving;
        this.tracepoints = tracepoints;
        this.costs = costs;
        this.ipiDelivery = simulation.random("ipi.delivery");
        this.idleExits = simulation.random("sched.idle-exit");
        this.coldEntries = simulation.random("kernel.cold");
        int count = hardware.cpus().size();
        this.slice = BASE_SLICE_NS * (32 - Integer.numberOfLeadingZeros(Math.min(count, 8)));
        this.cpus = new Cpu[count];
        for (int i = 0; i < count; i++) {
            cpus[i] = new Cpu(this, i, hardware.cpus().get(i), slice);
        }
        this.placement = new Placement(cpus);
    }

    public Simulation simulation() {
        return simulation;
    }

    Tracepoints tracepoints() {
        return tracepoints;
    }

    CostModel costs() {
        return costs;
    }

    public boolean preemptsKernel() {
        return preemptsKernel;
    }

    public Interleaving interleaving() {
        return interleaving;
    }

    /// Draws how long each inter-processor interrupt is under way.
    RandomStream ipiDelivery() {
        return ipiDelivery;
    }

    /// Draws how long each start of a halted core takes.
    RandomStream idleExits() {
        return idleExits;
    }

    /// For [Cost#KERNEL_COLD].
    RandomStream coldEntries() {
        return coldEntries;
    }

    int largestCapacity() {
        return placement.largestCapacity();
    }

    public int cpuCount() {
        return cpus.length;
    }

    public Cpu cpu(int id) {
        return cpus[id];
    }

    /// Every task that lives, in order of creation, and those that ended with a lock held.
    public List<Task> tasks() {
        return Collections.unmodifiableList(tasks);
    }

    /// The next free thread id, from 1.
    public int newTid() {
        return ++lastTid;
    }

    /// Creates a task of process `tgid` and makes it runnable.
    ///
    /// @throws IllegalArgumentException if it may run on none of the machine's cores
    public Task spawn(int tid, int tgid, String name, String processName, TaskAttributes attributes, Consumer<Task> body) {
        checkAffinity(name, attributes.affinity());
        Task task = new Task(this, tid, tgid, name, processName, attributes, body);
        tasks.add(task);
        tracepoints.taskNew(simulation.now(), task);
        task.wake(null);
        return task;
    }

    private void checkAffinity(String name, CpuSet affinity) {
        long allCpus = -1L >>> (64 - cpus.length);
        if ((affinity.mask() & allCpus) == 0) {
            throw new IllegalArgumentException(name + " may run on none of the machine's " + cpus.length + " cpus");
        }
    }

    // Failures

    /// What the code of `task` threw.
    TaskFailure failure(Task task, Throwable cause) {
        return failure(task.toString(), task, cause);
    }

    /// The same for what an interrupt or an RCU callback threw.
    public TaskFailure failureOutsideTasks(KernelRuleBroken cause) {
        return failure("an interrupt", null, cause);
    }

    private TaskFailure failure(String where, @Nullable Task failed, Throwable cause) {
        StringBuilder report = new StringBuilder();
        if (failed != null) {
            failed.describe(cause.getStackTrace(), report);
        }
        tasks.stream().filter(task -> task != failed && task.state() != TaskState.DEAD)
                .forEach(task -> task.describe(task.stackTrace(), report));
        return new TaskFailure(where + " failed at " + simulation.now() + " ns, seed " + simulation.seed() + ": " + cause.getMessage(),
                report.toString(), cause);
    }

    // Coming and going

    void wake(Task task, @Nullable Task waker) {
        Cpu cpu = placement.select(task);
        task.utilization.update(simulation.now(), false, cpu.capacity());
        task.state = TaskState.RUNNABLE;
        task.cpu = cpu;
        tracepoints.schedWaking(simulation.now(), waker, task, cpu.id());
        account(cpu);
        cpu.queue.enqueueWoken(task, cpu.current);
        if (waker != null) {
            waker.charge(costs.ns(Cost.WAKE) + (cpu.mustBeInterrupted() ? costs.ns(Cost.WAKE_IDLE) : 0));
        }
        if (cpu.isIdle()) {
            switchTo(cpu, null, TaskState.DEAD);
        } else {
            preemptIfOutranked(cpu);
        }
    }

    /// The running task, whose code is calling, goes to sleep.
    void block(Task task, TaskState state) {
        Cpu cpu = leave(task, state);
        switchTo(cpu, task, state);
        Coroutine.suspend();
    }

    /// The running task, whose code is calling, has ended.
    void exit(Task task) {
        Cpu cpu = leave(task, TaskState.DEAD);
        switchTo(cpu, task, TaskState.DEAD);
        task.timer.retire();
        if (task.held().count() == 0) {
            tasks.remove(tasks.lastIndexOf(task));
        }
    }

    private Cpu leave(Task task, TaskState state) {
        Cpu cpu = task.cpu;
        account(cpu);
        if (!task.isRealTime()) {
            if (state == TaskState.DEAD) {
                cpu.queue.leave(task, task);
            } else {
                cpu.queue.sleep(task);
            }
        }
        task.utilization.sleeps();
        task.state = state;
        cpu.current = null;
        return cpu;
    }

    /// The running task, whose code is calling, leaves its core if a waiting task outranks it, or if it may no longer run there.
    void reschedule(Task task) {
        Cpu cpu = task.cpu;
        cpu.needResched = false;
        account(cpu);
        if (!task.mayRunOn(cpu)) {
            moveRunning(cpu, placement.select(task));
            Coroutine.suspend();
        } else if (cpu.queue.pick(task) != null) {
            putBack(cpu, task);
            Coroutine.suspend();
        }
    }

    private void putBack(Cpu cpu, Task task) {
        task.state = TaskState.RUNNABLE;
        cpu.current = null;
        Task next = Objects.requireNonNull(cpu.queue.pick(task), "it is outranked");
        cpu.queue.enqueuePreempted(task);
        cpu.queue.remove(next);
        run(cpu, task, TaskState.RUNNABLE, next);
    }

    /// Gives an empty core to the best waiting task, here or elsewhere, or lets it idle.
    private void switchTo(Cpu cpu, @Nullable Task previous, TaskState previousState) {
        Task next = cpu.queue.pick(null);
        if (next != null) {
            cpu.queue.remove(next);
        } else {
            next = pull(cpu);
        }
        run(cpu, previous, previousState, next);
    }

    private void run(Cpu cpu, @Nullable Task previous, TaskState previousState, @Nullable Task next) {
        cpu.needResched = false;
        cpu.begin(next);
        cpu.accountedUntil = simulation.now();
        tracepoints.schedSwitch(simulation.now(), cpu.id(), previous, previousState, next);
        if (previous != null) {
            previous.spinners().ownerLeftCpu();
        }
        if (next != null) {
            next.state = TaskState.RUNNING;
            next.cpu = cpu;
            next.fair.protectedDeadline = next.fair.deadline;
            cpu.start(next, previous == null);
            cpu.armTick();
        } else {
            cpu.goIdle();
        }
    }

    // Preemption

    private void preemptIfOutranked(Cpu cpu) {
        cpu.armTick();
        if (cpu.queue.outranks(cpu.running())) {
            preempt(cpu);
        }
    }

    /// Takes the current task off if that is possible now; otherwise asks it to leave as soon as it can (`resched_curr`).
    private void preempt(Cpu cpu) {
        if (cpu.canSwitchNow()) {
            cpu.interruptBurst();
            if (cpu.running().mayRunOn(cpu)) {
                putBack(cpu, cpu.running());
            } else {
                moveRunning(cpu, placement.select(cpu.running()));
            }
        } else {
            cpu.needResched = true;
            cpu.running().kick();
        }
    }

    void tick(Cpu cpu) {
        if (cpu.current == null) {
            return;
        }
        account(cpu);
        cpu.armTick();
        if (cpu.queue.pick(cpu.current) != null) {
            preempt(cpu);
        }
        if (placement.isMisfit(cpu.current) && cpu.canSwitchNow()) {
            moveToLargerCore(cpu);
        }
        giveToIdleCore(cpu);
    }

    /// An idle core takes a task that waits here (`nohz_balancer_kick`, one task a tick).
    private void giveToIdleCore(Cpu from) {
        for (int i = 0; i < from.queue.fairCount(); i++) {
            Task task = from.queue.fairTask(i);
            Cpu to = placement.select(task);
            if (to.isIdle()) {
                migrate(task, from);
                to.queue.enqueueWoken(task, null);
                switchTo(to, null, TaskState.DEAD);
                return;
            }
        }
    }

    /// An idle larger core takes over a running misfit (`active_load_balance`, for `migrate_misfit`).
    private void moveToLargerCore(Cpu from) {
        Task task = from.running();
        Cpu to = placement.select(task);
        if (!to.isIdle() || to.capacity() <= from.capacity()) {
            return;
        }
        from.interruptBurst();
        moveRunning(from, to);
    }

    /// The running task, its burst interrupted, continues on another core, or queues there (`move_queued_task`).
    private void moveRunning(Cpu from, Cpu to) {
        Task task = from.running();
        if (!task.isRealTime()) {
            from.queue.leave(task, task);
        }
        task.state = TaskState.RUNNABLE;
        from.current = null;
        switchTo(from, task, TaskState.RUNNABLE);
        arrive(task, to);
    }

    private void arrive(Task task, Cpu to) {
        task.cpu = to;
        account(to);
        to.queue.enqueueWoken(task, to.current);
        if (to.isIdle()) {
            switchTo(to, null, TaskState.DEAD);
        } else {
            preemptIfOutranked(to);
        }
    }

    /// `set_cpus_allowed_ptr`: a task that is where it may no longer be moves on.
    void setAffinity(Task task, CpuSet affinity) {
        checkAffinity(task.name(), affinity);
        finishDelayed(task);
        task.affinity = affinity;
        if (task.state == TaskState.RUNNABLE && !task.mayRunOn(task.cpu)) {
            migrate(task, task.cpu);
            arrive(task, placement.select(task));
        } else if (task.isOnCpu() && !task.mayRunOn(task.cpu)) {
            account(task.cpu);
            preempt(task.cpu);
        }
    }

    /// Adds the time since the last account to the current task (`update_curr`).
    private void account(Cpu cpu) {
        Task task = cpu.current;
        long ran = simulation.now() - cpu.accountedUntil;
        if (task == null || ran == 0) {
            return;
        }
        cpu.accountedUntil = simulation.now();
        task.utilization.update(simulation.now(), true, cpu.capacity());
        if (!task.isRealTime()) {
            task.fair.ran(ran, slice);
        }
    }

    /// Applies a change to the task's priority, taking it off its queue meanwhile if it waits for a core (`__sched_setscheduler`).
    void change(Task task, Runnable priorityChange) {
        finishDelayed(task);
        Cpu cpu = task.cpu;
        boolean queued = task.state == TaskState.RUNNABLE;
        if (!queued && !task.isOnCpu()) {
            priorityChange.run();
            return;
        }
        account(cpu);
        long average = cpu.queue.average(cpu.current);
        int oldWeight = task.fair.weight;
        if (queued) {
            cpu.queue.remove(task);
        }
        priorityChange.run();
        if (task.fair.weight != oldWeight) {
            task.fair.rescale(average, oldWeight);
        }
        if (queued) {
            cpu.queue.enqueuePreempted(task);
        }
        preemptIfOutranked(cpu);
    }

    private void finishDelayed(Task task) {
        if (task.fair.delayed) {
            account(task.cpu);
            task.cpu.queue.finishDelayed(task, task.cpu.current);
        }
    }

    /// A core about to idle takes a waiting task from the core with the most of them (`sched_balance_newidle`).
    private @Nullable Task pull(Cpu idle) {
        Cpu busiest = placement.busiestFor(idle);
        if (busiest == null) {
            return null;
        }
        Task task = Objects.requireNonNull(busiest.queue.firstMovableTo(idle.id()), "it is the busiest for that");
        migrate(task, busiest);
        idle.queue.enqueueWoken(task, null);
        idle.queue.remove(task);
        return task;
    }

    /// Takes a waiting task off its core's queue, its lag with it.
    private void migrate(Task task, Cpu from) {
        account(from);
        if (!task.isRealTime()) {
            from.queue.leave(task, from.current);
        }
        from.queue.remove(task);
    }
}
