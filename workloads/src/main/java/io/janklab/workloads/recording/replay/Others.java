package io.janklab.workloads.recording.replay;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.workloads.recording.workload.CoreUse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/// Threads that had the cores but are not replayed. The time they took is taken from each thread again at the same progress of that thread,
/// not at the same time: a thread that is earlier or later than in the recording would otherwise meet them where it never did, and they
/// would have yielded to it.
final class Others {
    private static final int PRIORITY = 50;
    private static final double FULL_CAPACITY = 1024;

    private final Map<Integer, CoreUse> cores;
    private final IntPredicate areOthers;
    private final Process process;
    private final int cpus;
    /// By core, the times in which what others had of it has been taken: since, until.
    private final Map<Integer, NavigableMap<Long, Long>> taken = new HashMap<>();

    /// @param areOthers by a thread's index
    Others(Kernel kernel, Map<Integer, CoreUse> cores, IntPredicate areOthers) {
        this.cores = cores;
        this.areOthers = areOthers;
        process = kernel.createProcess("others");
        cpus = kernel.scheduler().cpuCount();
    }

    /// How long (ns) they keep a thread from that core that waited for it between two times. If they had it for most of that time, for all
    /// of it: whose turn came when was then decided between them and the thread's process, by shares that no recording has. Else for as
    /// long as they had it: turns within one process are dealt out anew.
    long keep(long since, long until, int core) {
        CoreUse use = cores.get(core);
        long had = use == null ? 0 : use.had(since, until, areOthers);
        return 2 * had > until - since ? until - since : had;
    }

    /// While the thread of `task` waited for `core` between two times because its own process had it, it could not have one of the others
    /// that they had: they have those again, as long, from now on. Where several threads waited at a time, once. Its own core in the replay
    /// stands for `core`.
    void keepOtherCores(Task task, long since, long until, int core) {
        if (keep(since, until, core) == until - since) {
            return;
        }
        int own = task.cpu().id();
        cores.forEach((other, use) -> {
            if (other != core && other < cpus && core < cpus) {
                long length = take(taken.computeIfAbsent(other, same -> new TreeMap<>()), use, since, until);
                if (length > 0) {
                    occupy(other == own ? core : other, length);
                }
            }
        });
    }

    /// @return how long they had it in those parts of the window that had not been taken yet
    private long take(NavigableMap<Long, Long> windows, CoreUse use, long since, long until) {
        if (until <= since) {
            return 0;
        }
        long length = 0;
        long from = since;
        long start = since;
        long end = until;
        Map.Entry<Long, Long> before = windows.floorEntry(since);
        if (before != null && before.getValue() >= since) {
            from = before.getValue();
            start = before.getKey();
            end = Math.max(end, from);
        }
        for (Map.Entry<Long, Long> window : List.copyOf(windows.subMap(since, false, until, true).entrySet())) {
            length += from < window.getKey() ? use.had(from, window.getKey(), areOthers) : 0;
            from = Math.max(from, window.getValue());
            end = Math.max(end, from);
            windows.remove(window.getKey());
        }
        length += from < until ? use.had(from, until, areOthers) : 0;
        windows.put(start, end);
        return length;
    }

    private void occupy(int core, long length) {
        process.spawn("others", TaskAttributes.fifo(PRIORITY, new CpuSet(1L << core)),
                other -> other.compute((long) (length * (other.cpu().capacity() / FULL_CAPACITY))));
    }

    /// They take the core of `task` for `length` ns, whatever it does and holds; no other task gets the core meanwhile.
    void take(Task task, long length) {
        if (!task.isAlive()) {
            return;
        }
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
