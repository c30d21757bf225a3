package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CpuSpec;
import io.janklab.sim.Coroutine;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One core: the task on it, the burst under way, and the waiting tasks.
public final class Cpu {
    private static final int KERNEL_TGID = 0;

    private static final int SCALE_SHIFT = 20;

    private final Scheduler scheduler;
    private final Simulation simulation;
    private final int id;
    private final CpuSpec spec;
    /// Elapsed time per work, in 2^-20.
    private final long elapsedPerWork;
    private final Event burstEnd;
    private final Event tick;

    final RunQueue queue;
    @Nullable Task current;
    /// The process whose address space is loaded (`cpu_tlbstate.loaded_mm`), or the kernel.
    private int loadedTgid = KERNEL_TGID;
    /// The processes whose address spaces this core has loaded since it was last exempted from interrupts for them.
    private final BitSet cpumasks = new BitSet();
    boolean needResched;
    private boolean irqsDisabled;
    /// Interrupts that came while they were disabled.
    private final ArrayDeque<PendingInterrupt> pending = new ArrayDeque<>(1);
    /// Null unless interleavings are explored.
    private final @Nullable ExploredInterrupts explored;
    private final IdleLoop idleLoop;
    private final Interrupts interrupts;
    /// Null if cores are interrupted only by what is simulated.
    private final @Nullable InterruptionSource interruptions;
    /// Since when the current task's run time is not yet accounted for.
    long accountedUntil;

    Cpu(Scheduler scheduler, int id, CpuSpec spec, long slice) {
        this.scheduler = scheduler;
        this.simulation = scheduler.simulation();
        this.id = id;
        this.spec = spec;
        this.elapsedPerWork = ((1024L << SCALE_SHIFT) + spec.capacity() - 1) / spec.capacity();
        this.queue = new RunQueue(slice);
        this.idleLoop = new IdleLoop(scheduler.costs());
        this.interrupts = new Interrupts(elapsed(scheduler.costs().ns(Cost.INTERRUPT_IN_KERNEL)));
        this.burstEnd = new Event(simulation) {
            @Override
            protected void fire() {
                if (running().spinning && interrupts.areHandledAt(simulation.now())) {
                    schedule(interrupts.handledUntil());
                } else {
                    running().resume();
                }
            }

            @Override
            public String toString() {
                return "cpu" + id;
            }
        };
        InterruptedCore line = new Line();
        this.explored = scheduler.interleaving().isExploring() ? new ExploredInterrupts(line, simulation, scheduler.interleaving()) : null;
        this.interruptions = InterruptionSource.of(line, simulation, scheduler.costs().interruptions());
        this.tick = new Event(simulation) {
            @Override
            protected void fire() {
                scheduler.tick(Cpu.this);
            }
        };
    }

    /// Where its interrupts come from.
    private final class Line implements InterruptedCore {
        @Override
        public int id() {
            return id;
        }

        @Override
        public boolean isIdle() {
            return current == null;
        }

        @Override
        public boolean irqsDisabled() {
            return irqsDisabled;
        }

        @Override
        public void hold(PendingInterrupt interrupt) {
            Cpu.this.hold(interrupt);
        }

        @Override
        public void interruptFor(long ns) {
            interrupt(0, work(ns));
        }

        @Override
        public void tick() {
            needResched = true;
        }
    }

    public int id() {
        return id;
    }

    /// Resumes the current task.
    public Event burstEnd() {
        return burstEnd;
    }

    /// 1024 is the machine's fastest core.
    public int capacity() {
        return spec.capacity();
    }

    /// `next`, or no task, runs here from now on; a kernel task borrows the address space that it finds (`context_switch`).
    void begin(@Nullable Task next) {
        current = next;
        if (next != null && next.tgid() != KERNEL_TGID) {
            loadedTgid = next.tgid();
            cpumasks.set(loadedTgid);
        }
    }

    /// Whether a task of that process runs here.
    public boolean runs(int tgid) {
        return current != null && current.tgid() == tgid;
    }

    /// Whether this core still has the address space of that process loaded, though nothing of it runs here (`cpu_tlbstate.is_lazy`).
    public boolean isLazyFor(int tgid) {
        return loadedTgid == tgid && (current == null || current.tgid() == KERNEL_TGID);
    }

    /// Whether it has loaded some process's address space although none of a process runs here.
    public boolean isLazy() {
        return loadedTgid != KERNEL_TGID && isLazyFor(loadedTgid);
    }

    /// Whether it is in that process's `mm_cpumask`, where that is kept lazily.
    public boolean isInMaskOf(int tgid) {
        return cpumasks.get(tgid);
    }

    /// It has been interrupted for an address space that it has not loaded.
    public void leaveMaskOf(int tgid) {
        cpumasks.clear(tgid);
    }

    /// Loads the kernel's own address space instead.
    public void leaveLazyMm() {
        loadedTgid = KERNEL_TGID;
    }

    /// The running task, or null when idle.
    public @Nullable Task current() {
        return current;
    }

    public boolean isIdle() {
        return current == null;
    }

    /// The current task; the core does not idle.
    Task running() {
        return Objects.requireNonNull(current, "the core idles");
    }

    /// Nanoseconds that `work` takes on this core.
    long elapsed(long work) {
        return spec.capacity() == 1024 ? work : (work * elapsedPerWork + (1 << SCALE_SHIFT) - 1) >> SCALE_SHIFT;
    }

    /// The work this core does in `elapsed` ns.
    long work(long elapsed) {
        return (elapsed * spec.capacity()) >> 10;
    }

    /// Lets the current task, whose code is calling, burn `work`.
    void burn(long work) {
        long end = simulation.now() + elapsed(work);
        if (interrupts.hit(end)) {
            end += interrupts.pay(running().isInKernel());
        }
        if (!simulation.tryAdvanceTo(end)) {
            burstEnd.schedule(end);
            Coroutine.suspend();
        }
    }

    void spin(long deadline) {
        if (deadline <= simulation.now() || (!interrupts.areUnpaid() && simulation.tryAdvanceTo(deadline))) {
            return;
        }
        if (deadline != Long.MAX_VALUE) {
            burstEnd.schedule(deadline);
        }
        Coroutine.suspend();
        interrupts.spun(simulation.now());
    }

    /// The spinning task notices after its cache line has arrived.
    void kick() {
        long noticed = simulation.now() + scheduler.costs().ns(Cost.LOCK_TRANSFER);
        if (!burstEnd.isScheduled() || burstEnd.time() > noticed) {
            burstEnd.schedule(noticed);
        }
    }

    /// An interrupt arrives `delay` ns from now; its handler of `work` runs at the expense of the burst then under way. A spinner notices
    /// nothing meanwhile.
    ///
    /// @return when the handler is done (ns)
    long interrupt(long delay, long work) {
        long now = simulation.now();
        long handler = elapsed(work);
        if (current == null) {
            return idleLoop.interrupt(now + delay, handler);
        }
        if (current.spinning) {
            interrupts.spun(now);
        }
        long handledUntil = interrupts.send(now + delay, handler);
        if (!current.spinning && burstEnd.isScheduled() && interrupts.hit(burstEnd.time())) {
            burstEnd.schedule(burstEnd.time() + interrupts.pay(current.isInKernel()));
        }
        return handledUntil;
    }

    /// In `delay` ns something outside the simulation, a device or the hypervisor, takes the core for `ns`.
    public void loseTime(long delay, long ns) {
        interrupt(delay, work(ns));
    }

    /// When an interrupt that was to be handled until `time` really is: a core that has gone idle meanwhile handles it later.
    long answersAt(long time) {
        return interrupts.postponed(time);
    }

    /// When the last interrupt of a busy core arrived (ns).
    long interruptedAt() {
        return interrupts.arrivedAt();
    }

    /// Under exploration an IPI may take any time to arrive.
    ///
    /// @return false if it arrives by the clock
    boolean deliverAtAnyTime(PendingInterrupt interrupt) {
        if (explored == null || isIdle()) {
            return false;
        }
        explored.send(interrupt);
        return true;
    }

    /// Under exploration a more urgent task may turn up at every check; otherwise nothing happens here.
    void offerPreemption() {
        if (explored != null) {
            explored.offerPreemption();
        }
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /// Interrupts wait from now on until [#enableIrqs].
    void disableIrqs() {
        irqsDisabled = true;
    }

    boolean irqsDisabled() {
        return irqsDisabled;
    }

    /// An interrupt that cannot be taken now; it is answered when interrupts are enabled again.
    void hold(PendingInterrupt interrupt) {
        pending.addLast(interrupt);
    }

    /// Interrupts are taken again; `task`, which is current, pays for those that have waited.
    void enableIrqs(Task task) {
        irqsDisabled = false;
        while (!pending.isEmpty()) {
            PendingInterrupt held = pending.pollFirst();
            task.compute(scheduler.costs().ns(Cost.INTERRUPT));
            held.answered();
        }
    }

    /// Whether the current task can be taken off right now: it is in a burst, and preemption is on.
    boolean canSwitchNow() {
        return burstEnd.isScheduled() && !running().spinning && running().mayBePreempted();
    }

    /// Cuts the current burst short; the rest of it stays with the task.
    void interruptBurst() {
        running().unfinishedWork = work(burstEnd.time() - simulation.now());
        burstEnd.cancel();
    }

    /// Puts `next` on the core; its first burst is the switch itself and whatever it had not finished.
    void start(Task next, boolean fromIdle) {
        long work = scheduler.costs().ns(Cost.CONTEXT_SWITCH) + next.unfinishedWork;
        if (fromIdle) {
            work += leaveIdleLoop();
        }
        next.unfinishedWork = 0;
        if (interruptions != null) {
            interruptions.coreIsBusy();
        }
        burstEnd.schedule(simulation.now() + elapsed(work));
    }

    private long leaveIdleLoop() {
        long now = simulation.now();
        return idleLoop.hasHalted(now) ? scheduler.costs().draw(Cost.IDLE_EXIT, scheduler.idleExits()) : work(idleLoop.turn(now));
    }

    /// Whether a task is woken here only by an interrupt.
    boolean mustBeInterrupted() {
        return isIdle() && !idleLoop.isPolling(simulation.now());
    }

    /// From now on it is idle, except for interrupts in progress.
    void goIdle() {
        long now = simulation.now();
        idleLoop.enter(now);
        if (interrupts.areUnpaid()) {
            idleLoop.handlesUntil(interrupts.postpone(idleLoop.haltsAt()));
        }
    }

    /// Ticks are needed only while a task waits for the core or must leave it, or its task may outgrow it.
    void armTick() {
        boolean needed = current != null && (!queue.isEmpty() || queue.hasDelayed() || spec.capacity() < scheduler.largestCapacity());
        if (needed && !tick.isScheduled()) {
            tick.schedule((simulation.now() / Scheduler.TICK_NS + 1) * Scheduler.TICK_NS);
        }
    }

    @Override
    public String toString() {
        return "cpu" + id + " (" + spec.cluster() + ")";
    }
}
