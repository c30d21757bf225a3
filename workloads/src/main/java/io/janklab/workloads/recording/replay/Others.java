package io.janklab.workloads.recording.replay;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import io.janklab.workloads.recording.workload.CoreUse;
import java.util.Map;
import java.util.function.IntPredicate;

/// Threads that had the cores but are not replayed. The time they took is taken from each thread again at the same progress of that thread,
/// not at the same time: a thread that is earlier or later than in the recording would otherwise meet them where it never did, and they
/// would have yielded to it.
final class Others {
    private static final int PRIORITY = 50;
    private static final double FULL_CAPACITY = 1024;
    /// How often they check whether it is awake.
    private static final long LOOKS_NS = 20_000;
    private static final int MOST_LOOKS = 50;

    private final Map<Integer, CoreUse> cores;
    private final IntPredicate areOthers;
    private final Simulation simulation;
    private final Process process;

    /// @param areOthers by a thread's index
    Others(Kernel kernel, Map<Integer, CoreUse> cores, IntPredicate areOthers) {
        this.cores = cores;
        this.areOthers = areOthers;
        simulation = kernel.simulation();
        process = kernel.createProcess("others");
    }

    /// How long (ns) they had that core between two times.
    long had(long since, long until, int core) {
        CoreUse use = cores.get(core);
        return use == null ? 0 : use.had(since, until, areOthers);
    }

    /// At time `at` (ns) they take the core of `task` for `length` ns, whatever it does and holds then; no other task gets the core
    /// meanwhile. If it sleeps, they wait for it a while.
    void take(Task task, long at, long length) {
        new Event(simulation) {
            private int looks;

            @Override
            protected void fire() {
                if (task.state().isBlocked() && looks++ < MOST_LOOKS) {
                    schedule(simulation.now() + LOOKS_NS);
                } else if (task.isAlive()) {
                    takeNow(task, length);
                }
            }
        }.schedule(at);
    }

    private void takeNow(Task task, long length) {
        CpuSet core = new CpuSet(1L << task.cpu().id());
        double capacity = task.cpu().capacity() / FULL_CAPACITY;
        task.setAffinity(core);
        process.spawn("others", TaskAttributes.fifo(PRIORITY, core), other -> {
            other.compute((long) (length * capacity));
            if (task.isAlive()) {
                task.setAffinity(CpuSet.ALL);
            }
        });
    }
}
