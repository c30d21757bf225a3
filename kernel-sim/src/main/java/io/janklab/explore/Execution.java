package io.janklab.explore;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.sim.Coroutine;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One run of a litmus under one schedule.
///
/// Before each access to shared state the running task may be made to wait while others go on; an event that is due later may come at any
/// moment. Which of the [Actors] makes the next step, the [Chooser] decides.
public final class Execution extends Interleaving implements RunSoFar {
    /// After this share of the steps that a run may have, every actor gets a turn whatever the chooser would choose: only a task that makes
    /// no progress even then never will.
    private static final double FAIR_FROM = 0.5;
    /// Rounds of its work for which a daemon of the kernel wakes by itself in one run.
    private static final int MOST_NAPS = 2;
    /// So many times the steps of a run are the accesses that one task may make alone, before and after, or between two steps: more, and it
    /// never ends.
    private static final int ALONE = 50;
    /// This many events after the tasks have ended still belong to the schedule: what a grace period frees could have been freed earlier.
    private static final int MOST_LATE_EVENTS = 16;

    private final ExploreSpec spec;
    private final Chooser chooser;
    private final Sharing sharing;
    private final BootedProgram booted;
    private final Simulation simulation;
    private final Actors actors;
    private boolean exploring;
    private int atomicDepth;
    private int current = Actors.NOBODY;
    /// Chosen while the running task's code was calling; it runs next.
    private int chosen = Actors.NOBODY;
    /// The actor of each step.
    private byte[] schedule = new byte[64];
    private int steps;
    private int choices;
    private int mostSteps;
    /// Accesses since the last step, or since one task alone began.
    private long accessesAlone;
    private final long mostAccessesAlone;
    private int naps;
    private final Chooser fair = new FairChooser();
    private boolean describesSteps;
    /// Null unless the steps are described.
    private @Nullable StepLog log;
    /// Null unless conflicts are wanted.
    private @Nullable ConflictLog conflicts;
    private boolean redundant;
    /// Null unless the kernel is watched.
    private @Nullable Consumer<Kernel> watchedBy;

    /// With a choice before every access.
    public Execution(ExploreSpec spec, Chooser chooser) {
        this(spec, chooser, Sharing.everything());
    }

    /// With a choice before each access to what is shared.
    public Execution(ExploreSpec spec, Chooser chooser, Sharing sharing) {
        this.spec = spec;
        this.chooser = chooser;
        this.sharing = sharing;
        this.booted = new BootedProgram(spec, this);
        this.mostSteps = booted.program().mostSteps();
        this.mostAccessesAlone = (long) ALONE * mostSteps;
        this.simulation = booted.simulation();
        this.actors = new Actors(simulation, kernel().scheduler());
    }

    /// Records each step.
    public Execution logging() {
        describesSteps = true;
        return this;
    }

    /// Watches the kernel from just before the tasks start. A step then takes 1 ns, so that steps differ in time.
    public Execution watchedBy(@Nullable Consumer<Kernel> watcher) {
        watchedBy = watcher;
        return this;
    }

    /// Records which steps conflict.
    public Execution loggingConflicts() {
        conflicts = new ConflictLog(simulation, actors.cores());
        return this;
    }

    /// The same, and ends the run after `steps` steps.
    public Execution loggingConflicts(int steps) {
        mostSteps = steps;
        return loggingConflicts();
    }

    // One run

    /// @return what broke, or null; then the program has an [LitmusProgram#outcome], unless the run was given up as redundant
    public @Nullable Breach run() {
        try {
            log = describesSteps ? new StepLog(actors, watchedBy == null ? null : kernel().tracepoints()) : null;
            booted.setUp();
            explore();
            if (redundant) {
                return null;
            }
            accessesAlone = 0;
            booted.finish();
            return Breach.ofOutcome(spec.litmus(), program().outcome());
        } catch (RuntimeException e) {
            exploring = false;
            if (e.getCause() instanceof OutOfMemoryError memory) {
                // The host's, not the kernel's.
                throw memory;
            }
            return Breach.of(e instanceof TaskFailure failure && failure.getCause() instanceof RuntimeException cause ? cause : e);
        }
    }

    private void explore() {
        if (watchedBy != null) {
            watchedBy.accept(kernel());
        }
        booted.spawnTasks();
        exploring = true;
        int late = 0;
        while (!booted.allEnded() || (simulation.queued() != 0 && late++ < MOST_LATE_EVENTS)) {
            long enabled = simulation.queued();
            if (enabled == 0) {
                throw booted.deadlock();
            }
            int next = chosen != Actors.NOBODY ? chosen : choose(enabled);
            chosen = Actors.NOBODY;
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

    private int choose(long enabled) {
        if (conflicts != null) {
            conflicts.endStep();
        }
        // A search abandons long runs by itself; what was fair once is repeated as it was.
        boolean asChosen = steps < FAIR_FROM * mostSteps || conflicts != null || chooser.hasRecorded(mostSteps);
        int next = (asChosen ? chooser : fair).choose(this, enabled, current);
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
        if (steps == schedule.length) {
            schedule = Arrays.copyOf(schedule, steps * 2);
        }
        schedule[steps++] = (byte) actor;
        accessesAlone = 0;
        actors.step(actor);
        current = actor;
        if (watchedBy != null) {
            simulation.elapse(1);
        }
    }

    /// How many steps each unfinished task has made.
    private String stepsOfEach() {
        List<String> each = new ArrayList<>();
        for (int cpu = 0; cpu < kernel().scheduler().cpuCount(); cpu++) {
            Task task = kernel().scheduler().cpu(cpu).current();
            int actor = kernel().scheduler().cpu(cpu).burstEnd().number();
            long made = IntStream.range(0, steps).filter(step -> schedule[step] == actor).count();
            if (task != null) {
                each.add(task.name() + " (" + made + " steps)");
            }
        }
        return String.join(", ", each);
    }

    // Accesses

    @Override
    protected void onRead(Shared kind, long id, Object what) {
        access(kind, id, what, AccessLog.READ);
    }

    @Override
    protected void onWrite(Shared kind, long id, Object what) {
        access(kind, id, what, AccessLog.WRITE);
    }

    @Override
    protected void onAdd(Shared kind, long id, Object what) {
        access(kind, id, what, AccessLog.ADD);
    }

    @Override
    protected void onNote(Shared kind, long id, boolean write) {
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
    public boolean napEnds() {
        return !exploring || naps++ < MOST_NAPS;
    }

    @Override
    protected void onBeginAtomic() {
        atomicDepth++;
    }

    @Override
    protected void onEndAtomic() {
        atomicDepth--;
    }

    private void access(Shared kind, long id, Object what, int mode) {
        if (accessesAlone++ == mostAccessesAlone) {
            throw new Starvation.Alone(program().doing(), mostAccessesAlone);
        }
        if (!exploring) {
            return;
        }
        boolean point = atomicDepth == 0 && actors.isCore(current);
        if (point && sharing.contains(kind, id)) {
            offerSwitch();
        } else if (point) {
            step(current);
        }
        accessed(kind, id, mode, point);
        if (log != null) {
            log.accessed(steps, current, kind, id, what, mode);
        }
    }

    /// A step of the running task ends before the access, and the chosen actor makes the next one.
    private void offerSwitch() {
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

    public int steps() {
        return steps;
    }

    /// The number of steps after which a run is abandoned.
    public int mostSteps() {
        return mostSteps;
    }

    @Override
    public int choices() {
        return choices;
    }

    @Override
    public Actors actors() {
        return actors;
    }

    public boolean isRedundant() {
        return redundant;
    }

    @Override
    public ConflictLog conflicts() {
        return Objects.requireNonNull(conflicts, "conflicts are not wanted");
    }

    public LitmusProgram program() {
        return booted.program();
    }

    public Kernel kernel() {
        return booted.kernel();
    }

    /// The schedule so far.
    public Schedule schedule() {
        List<String> names = new ArrayList<>(steps);
        for (int i = 0; i < steps; i++) {
            names.add(actors.name(schedule[i]));
        }
        return Schedule.ofSteps(names);
    }

    public StepLog log() {
        return Objects.requireNonNull(log, "steps are not described");
    }

    /// Which of the steps whose conflicts are logged is under way; negative before the tasks run and after they have ended.
    int loggedStep() {
        return exploring && conflicts != null ? conflicts.accesses().steps() - 1 : -1;
    }
}
