package io.janklab.workloads.recording.workload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The figures observed while the workload ran, in the recording or in a replay of it.
public final class ObservedFigures {
    /// The keys of [#latencies] besides the names of calls.
    public static final String MMAP_LOCK_READ = "mmap_lock wait (read)";
    public static final String MMAP_LOCK_WRITE = "mmap_lock wait (write)";
    /// In replays only: faults have no end in recordings.
    public static final String PAGE_FAULT = "page fault";
    /// Copying an address space, as far as it was undisturbed.
    public static final String FORK = "fork";
    /// The end of a thread, and of its address space if it is the last.
    public static final String EXIT = "exit";
    public static final String DO_FRAME = "Choreographer#doFrame";
    public static final String DRAW_FRAME = "DrawFrame";
    private static final String OPERATION = "operation ";
    /// A shorter wait counts as none: in a recording it cannot be told from the cost of the two tracepoints around it.
    private static final long LEAST_WAIT_NS = 5_000;

    public final Latencies latencies = new Latencies();
    /// Of calls during which nothing else ran and nothing was waited for, by name, and by [Usual#octaveOf] the length they work on.
    public final Latencies undisturbed = new Latencies();
    /// Waits for mmap_lock of more than 5 µs by holder (ns).
    public final Map<String, Long> waitsByHolder = new TreeMap<>();
    /// How long mmap_lock was held, by mode ("for writing") and by holder and its call. Recordings only.
    public final Latencies holds = new Latencies();
    /// Time in uninterruptible sleep by thread and call (ns).
    public final Map<String, Long> uninterruptible = new TreeMap<>();
    /// On a core, by thread name (ns).
    public final Map<String, Long> cpu = new LinkedHashMap<>();
    /// Asleep waiting for a lock of the address space (ns).
    public long lockSleepNs;
    public long faults;
    public long switches;
    public long wakeups;
    /// From the first event to the last of the workload's own threads.
    public long runTimeNs;
    /// Of a replay's faults, those where no memory was mapped.
    public long strayTouches;
    /// Those that found their page there: another thread, or fault-around, had been faster than in the recording.
    public long presentTouches;
    /// Those that the kernel refused: a signal, which the recorded program lived through.
    public long refusedTouches;
    /// Calls that failed in the recording but not in the replay.
    public long unexpected;

    /// The key of the operation that is asked for.
    public static String operation(String name) {
        return OPERATION + name;
    }

    public static boolean isOperation(String key) {
        return key.startsWith(OPERATION);
    }

    /// Whether a slice draws a frame.
    public static boolean isFrame(String slice) {
        return slice.equals(DO_FRAME) || slice.equals(DRAW_FRAME);
    }

    /// A call that was not disturbed has taken so long.
    ///
    /// @param length of the memory it worked on
    public void undisturbed(String call, long length, String thread, long ns) {
        undisturbed.add(call, thread, ns);
        undisturbed.add(Usual.octaveOf(call, length), thread, ns);
    }

    /// A thread has got mmap_lock after so long.
    ///
    /// @param holder who had it when it asked; null if unknown
    /// @return whether that was a wait
    public boolean gotMmapLock(boolean toWrite, String thread, @Nullable String holder, long ns) {
        boolean waited = ns > LEAST_WAIT_NS;
        latencies.add(toWrite ? MMAP_LOCK_WRITE : MMAP_LOCK_READ, thread, waited ? ns : 0);
        if (waited) {
            waitsByHolder.merge(thread + " waits for " + holder, ns, Long::sum);
        }
        return waited;
    }

    /// Of several processes together.
    public static ObservedFigures sum(List<ObservedFigures> parts) {
        ObservedFigures sum = new ObservedFigures();
        for (ObservedFigures part : parts) {
            sum.latencies.addAll(part.latencies);
            sum.undisturbed.addAll(part.undisturbed);
            sum.holds.addAll(part.holds);
            part.waitsByHolder.forEach((who, ns) -> sum.waitsByHolder.merge(who, ns, Long::sum));
            part.uninterruptible.forEach((who, ns) -> sum.uninterruptible.merge(who, ns, Long::sum));
            part.cpu.forEach((who, ns) -> sum.cpu.merge(who, ns, Long::sum));
            sum.lockSleepNs += part.lockSleepNs;
            sum.faults += part.faults;
            sum.switches += part.switches;
            sum.wakeups += part.wakeups;
            sum.runTimeNs = Math.max(sum.runTimeNs, part.runTimeNs);
        }
        return sum;
    }
}
