package io.janklab.explore;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.check.KernelValidator;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.CpuSpec;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.trace.TaskState;
import io.janklab.sim.Coroutine;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// One run of a litmus under one schedule.
///
/// Everything is free, so that no time passes, and each task has a core of its own. Before each access to shared state the running task
/// may be made to wait while others go on; whatever waits for its time (the end of a grace period, a read from storage, a timeout) may
/// come at any moment. Each of these is an *actor*, known by the number of its event.
final class Execution extends Interleaving {
    /// A run with more steps than that makes no progress.
    static final int MOST_STEPS = 20_000;
    /// Core 0 is kswapd's and the one that prepares and looks at the end; the tasks have the next ones, and their children the last.
    private static final int FIRST_TASK_CPU = 1;
    private static final int CHILD_CPUS = 3;
    private static final int CPUS = FIRST_TASK_CPU + Program.MOST_TASKS + CHILD_CPUS;
    private static final List<CpuSpec> MACHINE = Collections.nCopies(CPUS, new CpuSpec("core", 1024));
    private static final long CHILDREN = (1L << CPUS) - (1L << CPUS - CHILD_CPUS);
    private static final CpuSet HOUSEKEEPING = new CpuSet(1);
    /// Long enough for every grace period and every read.
    private static final long ASIDE_NS = 60_000_000_000L;
    /// So many events after the tasks' ends still belong to the schedule: what a grace period frees could have been freed earlier.
    private static final int MOST_LATE_EVENTS = 16;
    private static final int NOBODY = -1;

    private final ExploreSpec spec;
    private final Chooser chooser;
    private final Sharing sharing;
    private final Program program;
    private final Simulation simulation;
    private final Kernel kernel;
    private final WaitsFor waits;
    /// Whose events belong to cores, a bit each.
    private final long cores;
    private boolean exploring;
    private int atomicDepth;
    private int current = NOBODY;
    /// Chosen while the running task's code was calling; it goes next.
    private int chosen = NOBODY;
    private byte[] actors = new byte[64];
    private int steps;
    private int choices;
    private int mostSteps = MOST_STEPS;
    /// Null unless the steps are wanted in words.
    private StepLog log;
    /// Null unless conflicts are wanted.
    private ConflictLog conflicts;
    private boolean redundant;
    /// Null unless somebody watches.
    private Consumer<Kernel> watchedBy;

    /// With a choice before every access.
    Execution(ExploreSpec spec, Chooser chooser) {
        this(spec, chooser, Sharing.everything());
    }

    /// With a choice before each access to what is shared.
    Execution(ExploreSpec spec, Chooser chooser, Sharing sharing) {
        this.spec = spec;
        this.chooser = chooser;
        this.sharing = sharing;
        this.program = spec.litmus().program().get();
        this.waits = new WaitsFor(program.mostOvertaken());
        this.simulation = new Simulation(1);
        Hardware hardware = new Hardware(spec.architecture(), MACHINE, program.memoryPages() * Program.PAGE);
        this.kernel = new Kernel(simulation, hardware, spec.kernel(), CostModel.free(), this);
        kernel.memory().watch();
        kernel.tracepoints().attach(waits);
        program.boot(kernel);
        long mask = 0;
        for (int cpu = 0; cpu < CPUS; cpu++) {
            mask |= Bits.of(kernel.scheduler().cpu(cpu).burstEnd().number());
        }
        this.cores = mask;
    }

    /// Has each step written down.
    Execution logging() {
        log = new StepLog(this);
        return this;
    }

    /// Has the kernel watched from just before the tasks start. A step takes 1 ns then, so that steps can be told apart by their times.
    Execution watchedBy(Consumer<Kernel> watcher) {
        watchedBy = watcher;
        return this;
    }

    /// Has it written down which steps conflict, and ends it after so many.
    Execution loggingConflicts(int steps) {
        conflicts = new ConflictLog(simulation, cores);
        mostSteps = steps;
        return this;
    }

    // One run

    /// @return what broke, or null; then the program has an [Program#outcome], unless the run was given up as redundant
    Breach run() {
        try {
            alone(program::setUp);
            program.start();
            explore();
            if (redundant) {
                return null;
            }
            simulation.run(simulation.now() + ASIDE_NS);
            alone(program::finish);
            new KernelValidator(kernel.memory(), kernel.scheduler()).check();
            return Breach.ofOutcome(spec.litmus(), program.outcome());
        } catch (RuntimeException e) {
            exploring = false;
            return Breach.of(e instanceof TaskFailure failure && failure.getCause() instanceof RuntimeException cause ? cause : e);
        }
    }

    private void alone(Consumer<Task> body) {
        program.process().spawn("alone", TaskAttributes.normal(0, HOUSEKEEPING), body);
        simulation.run(simulation.now() + ASIDE_NS);
    }

    private void explore() {
        if (watchedBy != null) {
            watchedBy.accept(kernel);
        }
        int cpu = FIRST_TASK_CPU;
        for (Program.Role role : program.roles()) {
            CpuSet cpus = new CpuSet(Bits.of(cpu++) | CHILDREN);
            role.process().spawn(role.name(), TaskAttributes.normal(0, cpus), role.body());
        }
        exploring = true;
        int late = 0;
        while (!allEnded() || simulation.queued() != 0 && late++ < MOST_LATE_EVENTS) {
            long enabled = simulation.queued();
            if (enabled == 0) {
                throw new Deadlock(kernel.scheduler().tasks(), waits);
            }
            int next = chosen != NOBODY ? chosen : choose(enabled);
            chosen = NOBODY;
            if (next == Chooser.REDUNDANT) {
                redundant = true;
                return;
            }
            begin(next);
            simulation.fire(next);
        }
        exploring = false;
        if (log != null) {
            log.endSlice();
        }
    }

    /// The program's tasks and their children, not the kernel's own.
    private boolean allEnded() {
        List<Task> all = kernel.scheduler().tasks();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).state() != TaskState.DEAD && all.get(i).tgid() != Kernel.KERNEL_TGID) {
                return false;
            }
        }
        return true;
    }

    private int choose(long enabled) {
        if (conflicts != null) {
            conflicts.endStep();
        }
        int next = chooser.choose(this, enabled, current);
        choices++;
        return next;
    }

    private void begin(int actor) {
        step(actor);
        if (conflicts != null) {
            conflicts.beginStep(actor);
        }
    }

    private void step(int actor) {
        if (steps == mostSteps) {
            throw new Starvation.Endless(mostSteps, stepsOfEach());
        }
        if (steps == actors.length) {
            actors = Arrays.copyOf(actors, steps * 2);
        }
        actors[steps++] = (byte) actor;
        current = actor;
        if (watchedBy != null) {
            simulation.elapse(1);
        }
    }

    /// How many steps each task has made that has not ended.
    private String stepsOfEach() {
        List<String> each = new ArrayList<>();
        for (int cpu = 0; cpu < CPUS; cpu++) {
            Task task = kernel.scheduler().cpu(cpu).current();
            int actor = kernel.scheduler().cpu(cpu).burstEnd().number();
            long made = IntStream.range(0, steps).filter(step -> actors[step] == actor).count();
            if (task != null) {
                each.add(task.name() + " (" + made + " steps)");
            }
        }
        return String.join(", ", each);
    }

    // Accesses

    @Override
    public void read(Shared kind, long id, Object what) {
        access(kind, id, what, AccessLog.READ);
    }

    @Override
    public void write(Shared kind, long id, Object what) {
        access(kind, id, what, AccessLog.WRITE);
    }

    @Override
    public void add(Shared kind, long id, Object what) {
        access(kind, id, what, AccessLog.ADD);
    }

    @Override
    public void note(Shared kind, long id, boolean write) {
        if (exploring) {
            accessed(kind, id, write ? AccessLog.WRITE : AccessLog.READ, false);
        }
    }

    private void accessed(Shared kind, long id, int mode, boolean point) {
        if (conflicts != null) {
            conflicts.accesses().add(kind, id, mode, point);
        }
    }

    @Override
    public boolean isExploring() {
        return true;
    }

    @Override
    public void beginAtomic() {
        atomicDepth++;
    }

    @Override
    public void endAtomic() {
        atomicDepth--;
    }

    private void access(Shared kind, long id, Object what, int mode) {
        if (!exploring) {
            return;
        }
        boolean point = atomicDepth == 0 && Bits.contains(cores, current);
        if (point && sharing.contains(kind, id)) {
            letOthersGo();
        } else if (point) {
            step(current);
        }
        accessed(kind, id, mode, point);
        if (log != null) {
            log.accessed(kind, id, what, mode);
        }
    }

    /// A step of the running task ends before the access, and whoever is chosen makes the next one.
    private void letOthersGo() {
        int self = current;
        int next = choose(simulation.queued() | Bits.of(self));
        if (next == self) {
            begin(self);
        } else {
            chosen = next;
            simulation.event(self).schedule(simulation.now());
            Coroutine.suspend();
        }
    }

    // What it was

    int steps() {
        return steps;
    }

    /// How often it was chosen who goes next.
    int choices() {
        return choices;
    }

    /// The actors that are cores, a bit each.
    long cores() {
        return cores;
    }

    boolean isWatched() {
        return watchedBy != null;
    }

    boolean isRedundant() {
        return redundant;
    }

    ConflictLog conflicts() {
        return conflicts;
    }

    Program program() {
        return program;
    }

    Kernel kernel() {
        return kernel;
    }

    /// The schedule so far.
    Schedule schedule() {
        List<String> names = new ArrayList<>(steps);
        for (int i = 0; i < steps; i++) {
            names.add(name(actors[i]));
        }
        return Schedule.ofSteps(names);
    }

    StepLog log() {
        return log;
    }

    int current() {
        return current;
    }

    /// The task on the core that an actor is; null if it is none, or an idle one.
    Task taskOf(int actor) {
        return Bits.contains(cores, actor) ? kernel.scheduler().cpu(cpuOf(actor)).current() : null;
    }

    private int cpuOf(int actor) {
        return Long.bitCount(cores & Bits.of(actor) - 1);
    }

    /// The actor of that name among `candidates`, or −1.
    int actor(String name, long candidates) {
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            int actor = Long.numberOfTrailingZeros(rest);
            if (name(actor).equals(name)) {
                return actor;
            }
        }
        return NOBODY;
    }

    /// Tasks are A, B, C and D in the order they were named, their children E and on.
    String name(int actor) {
        if (!Bits.contains(cores, actor)) {
            return simulation.event(actor).toString();
        }
        int cpu = cpuOf(actor);
        return cpu < FIRST_TASK_CPU ? "kswapd" : taskName(cpu - FIRST_TASK_CPU);
    }

    static String taskName(int task) {
        return String.valueOf((char) ('A' + task));
    }
}
