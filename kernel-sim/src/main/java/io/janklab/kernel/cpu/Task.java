package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostMeter;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.sim.Coroutine;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A thread of the simulated machine: Java code that runs while the task is current on a core (Linux `task_struct`).
///
/// Time is paid lazily. Code charges what each step costs and settles where another task could see the difference: before any lock
/// operation, any ordered read of shared state, any tracepoint. Between two settles a task's actions are one instant.
public final class Task implements TracedTask, SpinWatch.Spinner {
    private final Scheduler scheduler;
    private final Simulation simulation;
    private final int tid;
    private final int tgid;
    private final String name;
    private final String processName;
    private final Coroutine coroutine;
    final Event timer;
    private final HeldLocks held = new HeldLocks();

    private final Priority priority;
    private final KernelEntry entry;
    private final SpinWatch spinners = new SpinWatch();
    CpuSet affinity;
    UtilClamp uclamp;

    TaskState state = TaskState.INTERRUPTIBLE;
    /// Where it runs, or ran last.
    @SuppressWarnings("NullAway.Init")
    Cpu cpu;
    /// Work of an interrupted burst, still to be done when it runs again.
    long unfinishedWork;
    int preemptCount;
    boolean spinning;

    final FairEntity fair = new FairEntity();
    final Utilization utilization = new Utilization();

    private long owed;
    private @Nullable CostMeter meter;
    private int deferrals;
    private boolean timedOut;
    /// SIGKILL has come (`fatal_signal_pending`).
    private boolean killed;
    /// Asleep in D state, wakeable by SIGKILL (`TASK_WAKEKILL`).
    private boolean wakesWhenKilled;

    Task(Scheduler scheduler, int tid, int tgid, String name, String processName, TaskAttributes attributes, Consumer<Task> body) {
        this.scheduler = scheduler;
        this.simulation = scheduler.simulation();
        this.tid = tid;
        this.tgid = tgid;
        this.name = name;
        this.processName = processName;
        this.priority = new Priority(attributes);
        this.entry = new KernelEntry(scheduler.costs(), scheduler.coldEntries());
        this.affinity = attributes.affinity();
        this.uclamp = attributes.uclamp();
        this.coroutine = new Coroutine(() -> runBody(body));
        this.timer = new Event(simulation) {
            @Override
            protected void fire() {
                timedOut = true;
                wake(null);
            }

            @Override
            public String toString() {
                return "timer" + tid;
            }
        };
        updateWeight();
    }

    private void updateWeight() {
        if (!priority.isRealTime()) {
            fair.setNice(priority.effectiveNice());
        }
    }

    private void runBody(Consumer<Task> body) {
        try {
            body.accept(this);
        } catch (RuntimeException | Error e) {
            throw scheduler.failure(this, e);
        }
        settle();
        scheduler.exit(this);
    }

    // Identity

    @Override
    public int tid() {
        return tid;
    }

    @Override
    public int tgid() {
        return tgid;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String processName() {
        return processName;
    }

    @Override
    public TaskState state() {
        return state;
    }

    @Override
    public @Nullable String systemCall() {
        return entry.systemCall();
    }

    /// The task enters the kernel by `call`, or has returned from it (null). For observers; nothing depends on it.
    public void inSystemCall(@Nullable String call) {
        entry.inSystemCall(call);
    }

    /// The effective priority: its own, or a more urgent one it has inherited.
    @Override
    public int prio() {
        return priority.effective();
    }

    /// Its own priority, whatever it has inherited (`task_struct::normal_prio`).
    @Override
    public int normalPrio() {
        return priority.own();
    }

    /// Lends the task a priority; [Integer#MAX_VALUE] takes the loan back. Acts on the scheduler at once (`rt_mutex_setprio`).
    public void inherit(int lentPrio) {
        if (lentPrio != priority.lent()) {
            scheduler.change(this, () -> {
                priority.lend(lentPrio);
                updateWeight();
            });
        }
    }

    /// Whether the task runs in the real-time class now (`rt_task`).
    public boolean isRealTime() {
        return priority.isRealTime();
    }

    int rtPriority() {
        return priority.effectiveRtPriority();
    }

    public int nice() {
        return priority.nice();
    }

    /// `setpriority(2)`; takes effect on the weight at once.
    public void setNice(int newNice) {
        Nice.check(newNice);
        scheduler.change(this, () -> {
            priority.setNice(newNice);
            updateWeight();
        });
    }

    public CpuSet affinity() {
        return affinity;
    }

    /// `sched_setaffinity(2)`, or a move to another cpuset. A task on a core it may no longer use leaves as soon as it can be preempted.
    ///
    /// @throws IllegalArgumentException if the machine has none of those cores
    public void setAffinity(CpuSet cpus) {
        scheduler.setAffinity(this, cpus);
    }

    /// A move to a group of other bounds; they take effect when the task next wakes up.
    public void setUtilClamp(UtilClamp clamp) {
        uclamp = clamp;
    }

    public boolean isAlive() {
        return state != TaskState.DEAD;
    }

    boolean mayRunOn(Cpu core) {
        return affinity.contains(core.id());
    }

    /// Where the task runs, or ran last; null before its first wake-up.
    public Cpu cpu() {
        return cpu;
    }

    public boolean isOnCpu() {
        return state == TaskState.RUNNING;
    }

    /// The observer of accesses to shared state on this machine.
    public Interleaving interleaving() {
        return scheduler.interleaving();
    }

    /// The locks the task holds now.
    public HeldLocks held() {
        return held;
    }

    /// Where the task's code stands, innermost frame first; for reports.
    public StackTraceElement[] stackTrace() {
        return coroutine.stackTrace();
    }

    /// What the task is doing: its state, the locks it holds, its stack (jstack's view of the simulated machine).
    void describe(StackTraceElement[] stack, StringBuilder out) {
        out.append(this).append(' ').append(state.letter());
        out.append(cpu == null ? "" : " on cpu " + cpu.id()).append(", holds ").append(held()).append('\n');
        for (StackTraceElement frame : stack) {
            out.append("    at ").append(frame).append('\n');
        }
    }

    // Time

    /// Virtual time (ns).
    public long now() {
        return simulation.now();
    }

    /// Adds `ns` of work (on a core of capacity 1024) to what this task owes; no time passes yet.
    public void charge(long ns) {
        owed += ns;
    }

    /// The same for one step of the kernel.
    public void charge(CostModel costs, Cost cost) {
        charge(cost, 1, costs.ns(cost));
    }

    /// The same for a step taken `times` times.
    public void charge(CostModel costs, Cost cost, long times) {
        charge(cost, times, times * costs.ns(cost));
    }

    private void charge(Cost cost, long times, long ns) {
        owed += meter == null ? ns : meter.charge(cost, times, ns);
    }

    /// From now on what this task is charged for goes through that meter.
    ///
    /// @param newMeter null for none
    public void meter(@Nullable CostMeter newMeter) {
        meter = newMeter;
    }

    /// Lets the time that this task owes pass. Others may run, and preempt it, meanwhile.
    public void settle() {
        if (deferrals != 0) {
            return;
        }
        if (owed != 0) {
            long work = owed;
            owed = 0;
            cpu.burn(work);
        }
        if (cpu.needResched && mayBePreempted()) {
            scheduler.reschedule(this);
        }
    }

    /// Until [#resumeTime], charges only accumulate: the task acts in one instant and pays afterwards. Nests.
    public void deferTime() {
        deferrals++;
    }

    public void resumeTime() {
        deferrals--;
    }

    /// [#charge] then [#settle].
    public void compute(long ns) {
        owed += ns;
        settle();
    }

    /// The core waits for memory until `time` (ns), however fast it is. Others may preempt the task meanwhile.
    public void stallUntil(long time) {
        owed += cpu.work(time - now());
        settle();
    }

    // Host code

    /// Stays on its core, owing nothing, and does nothing until [#proceed]: it is in code that only the host knows. If time passes
    /// meanwhile, no other task gets the core.
    public void pause() {
        Coroutine.suspend();
    }

    /// Resumes a paused task at this instant.
    public void proceed() {
        cpu.burstEnd().schedule(now());
    }

    // Preemption

    public void preemptDisable() {
        preemptCount++;
    }

    /// Leaves a section in which the task could not be preempted; a switch put off meanwhile happens here.
    public void preemptEnable() {
        preemptCount--;
        if (cpu.needResched && mayBePreempted()) {
            scheduler.reschedule(this);
        }
    }

    /// `local_irq_save`: no interrupt is taken on this core, hence no preemption either, until [#irqEnable].
    public void irqDisable() {
        settle();
        Interleaving.write(scheduler.interleaving(), Shared.INTERRUPT, cpu.id(), cpu);
        preemptDisable();
        cpu.disableIrqs();
    }

    /// `local_irq_restore`: takes the interrupts that came meanwhile.
    public void irqEnable() {
        settle();
        Interleaving.write(scheduler.interleaving(), Shared.INTERRUPT, cpu.id(), cpu);
        cpu.enableIrqs(this);
        preemptEnable();
    }

    public boolean irqsDisabled() {
        return cpu.irqsDisabled();
    }

    public boolean isPreemptible() {
        return preemptCount == 0;
    }

    /// Whether it may lose its core between any two instructions.
    boolean mayBePreempted() {
        return preemptCount == 0 && (scheduler.preemptsKernel() || !entry.isInKernel());
    }

    boolean isInKernel() {
        return entry.isInKernel();
    }

    /// Whether a more urgent task waits for this core (`need_resched`).
    public boolean needResched() {
        cpu.offerPreemption();
        return cpu.needResched;
    }

    /// A voluntary preemption point (`cond_resched`).
    public void condResched() {
        if (cpu.needResched && preemptCount == 0) {
            scheduler.reschedule(this);
        }
    }

    // Sleeping

    /// Gives up the core in `newState` until [#wake] is called. The caller has queued itself where a waker will find it.
    ///
    /// @throws KernelRuleBroken if the task may not sleep here
    /// @throws TaskKilled if SIGKILL has come or comes, and the sleep is interruptible: such a sleeper holds nothing of the kernel's
    public void block(TaskState newState) {
        if (preemptCount != 0) {
            throw new KernelRuleBroken("sleeping while atomic: " + this + " holds " + held);
        }
        Interleaving.note(scheduler.interleaving(), Shared.TASK, tid, true);
        if (newState == TaskState.INTERRUPTIBLE) {
            endIfKilled();
            scheduler.block(this, newState);
            endIfKilled();
        } else {
            scheduler.block(this, newState);
        }
    }

    /// [#block], but no longer than until `deadline` (ns).
    ///
    /// @return whether the deadline passed before the task was woken
    public boolean blockUntil(TaskState newState, long deadline) {
        timedOut = false;
        timer.schedule(Math.max(deadline, now()));
        block(newState);
        return timedOut;
    }

    /// Sleeps until virtual time `time` (ns); returns at once if that has passed.
    public void sleepUntil(long time) {
        settle();
        if (time > now()) {
            blockUntil(TaskState.INTERRUPTIBLE, time);
        }
    }

    /// A daemon of the kernel has nothing to do until `time` (ns).
    public void napUntil(long time) {
        settle();
        if (scheduler.interleaving().napEnds()) {
            sleepUntil(time);
        } else {
            block(TaskState.INTERRUPTIBLE);
        }
    }

    /// Makes a sleeping task runnable (`try_to_wake_up`); does nothing if it is not asleep.
    ///
    /// @param waker the task that wakes it and pays for that, or null for a timer or an interrupt
    /// @return whether it was asleep
    public boolean wake(@Nullable Task waker) {
        Interleaving.note(scheduler.interleaving(), Shared.TASK, tid, true);
        if (!state.isBlocked()) {
            return false;
        }
        timer.cancel();
        scheduler.wake(this, waker);
        return true;
    }

    // Killing

    /// SIGKILL: the task ends on its next way back to user mode, and is woken for that from any sleep that allows it.
    ///
    /// @param sender the task that sends it and pays for the wake-up, or null for an interrupt
    public void kill(Task sender) {
        killed = true;
        if (wakesWhenKilled || state == TaskState.INTERRUPTIBLE) {
            wake(sender);
        }
    }

    /// Whether SIGKILL has come (`fatal_signal_pending`).
    public boolean isKilled() {
        return killed;
    }

    /// [#block] in D state: not woken by signals, or, if `killable`, only by SIGKILL (`TASK_KILLABLE`).
    ///
    /// @return false if SIGKILL has come and ends such waits
    public boolean blockUninterruptible(boolean killable) {
        if (killable && killed) {
            return false;
        }
        wakesWhenKilled = killable;
        block(TaskState.UNINTERRUPTIBLE);
        wakesWhenKilled = false;
        return true;
    }

    /// The entry into the kernel, by a system call or an exception. Charges for what has gone cold meanwhile.
    public void enterKernel(String by) {
        if (!scheduler.preemptsKernel()) {
            // The work owed so far was done in user mode.
            settle();
        }
        owed += entry.enter(by, simulation.now() + owed, cpu.interruptedAt());
    }

    /// What has gone cold before its entries into the kernel has cost it so much so far (ns, on a core of capacity 1024).
    public long coldEntriesNs() {
        return entry.coldNs();
    }

    /// The return to user mode (`exit_to_user_mode_loop`), which a killed task does not complete.
    ///
    /// @throws TaskKilled if SIGKILL has come
    public void returnToUserMode() {
        entry.leave();
        if (!scheduler.preemptsKernel()) {
            settle();
        }
        endIfKilled();
    }

    private void endIfKilled() {
        entry.left(simulation.now() + owed);
        if (killed) {
            throw new TaskKilled();
        }
    }

    // Spinning

    /// Burns CPU until [#kick], or until virtual time `deadline` (ns; [Long#MAX_VALUE] for none). Preemption must be off;
    /// a reschedule request also kicks.
    public void spin(long deadline) {
        if (preemptCount == 0) {
            throw new KernelRuleBroken("spinning while preemptible: " + this);
        }
        spinning = true;
        cpu.spin(deadline);
        spinning = false;
    }

    /// Ends the task's [#spin]: what it waits for has changed.
    @Override
    public void kick() {
        if (spinning) {
            cpu.kick();
        }
    }

    /// The tasks that are kicked when this one leaves its core.
    public SpinWatch spinners() {
        return spinners;
    }

    /// Runs the task's code from where it stands.
    void resume() {
        coroutine.resume();
    }

    @Override
    public String toString() {
        return processName + "/" + name + " (tid " + tid + ")";
    }
}
