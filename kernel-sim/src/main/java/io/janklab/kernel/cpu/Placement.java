package io.janklab.kernel.cpu;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which core a task goes to, and which one a core pulls from. Reads cores and tasks and changes neither.
final class Placement {
    private final Cpu[] cpus;
    private final int largestCapacity;

    Placement(Cpu[] cpus) {
        this.cpus = cpus;
        this.largestCapacity = Arrays.stream(cpus).mapToInt(Cpu::capacity).max().orElseThrow();
    }

    int largestCapacity() {
        return largestCapacity;
    }

    /// The core a waking task goes to: an idle one it fits on, the smallest such (`find_energy_efficient_cpu`, `select_idle_capacity`);
    /// else the largest idle one; else the least loaded. Its last core wins ties. A delayed task is still queued on its own.
    Cpu select(Task task) {
        if (task.fair.delayed) {
            return task.cpu;
        }
        Cpu best = null;
        for (Cpu cpu : cpus) {
            if (task.mayRunOn(cpu) && (best == null || isBetter(cpu, best, task))) {
                best = cpu;
            }
        }
        return Objects.requireNonNull(best, "a task may run on one of the cores");
    }

    private static boolean isBetter(Cpu candidate, Cpu best, Task task) {
        if (candidate.isIdle() != best.isIdle()) {
            return candidate.isIdle();
        }
        if (!candidate.isIdle()) {
            return busyness(candidate, task) < busyness(best, task);
        }
        boolean candidateFits = fits(task, candidate);
        if (candidateFits != fits(task, best)) {
            return candidateFits;
        }
        if (candidate.capacity() != best.capacity()) {
            return candidateFits == candidate.capacity() < best.capacity();
        }
        return candidate == task.cpu;
    }

    /// A running task that has outgrown its core (`update_misfit_status`).
    boolean isMisfit(Task task) {
        return !task.isRealTime() && task.cpu.capacity() < largestCapacity && !fits(task, task.cpu);
    }

    /// `fits_capacity`: a fifth of the core stays spare.
    private static boolean fits(Task task, Cpu cpu) {
        return task.uclamp.clamp(task.utilization.value()) * 5 < cpu.capacity() * 4;
    }

    /// Competing weight per capacity; for a real-time task, whether it would have to wait.
    private static long busyness(Cpu cpu, Task task) {
        if (task.isRealTime()) {
            return cpu.running().isRealTime() ? cpu.running().rtPriority() : 0;
        }
        long load = cpu.queue.load() + (cpu.running().isRealTime() ? 1L << 20 : cpu.running().fair.weight);
        return (load << 10) / cpu.capacity() * 2 - (cpu == task.cpu ? 1 : 0);
    }

    /// The core with the most waiting tasks of which one may move to `idle`; null if there is none (`sched_balance_find_src_rq`).
    @Nullable Cpu busiestFor(Cpu idle) {
        Cpu busiest = null;
        for (Cpu cpu : cpus) {
            if (cpu.queue.firstMovableTo(idle.id()) != null && (busiest == null || cpu.queue.size() > busiest.queue.size())) {
                busiest = cpu;
            }
        }
        return busiest;
    }
}
