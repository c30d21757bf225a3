package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.event.RecordedEvent.LeftAs;
import io.janklab.workloads.recording.workload.RecordedThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of one thread while its events come in.
final class ThreadTrack {
    final RecordedThread thread;
    /// Since when it has been on a core and its time is not yet accounted for; −1 if it is on none.
    long onCpuSince = -1;
    /// Since when it has been on that core.
    long cameOnAt;
    /// When it last left one.
    long lastRan;
    /// Its work since its last op (ns); tracing's own may make it negative for a moment.
    long work;
    /// The cost of its events since its last op (ns).
    long traced;
    boolean alive = true;
    /// It has exited and left its address space.
    boolean hasLeft;

    /// When it was woken, or woken for the first time, since it last had a core; −1 if it was not.
    long wokenAt = -1;

    // Asleep
    LeftAs leftAs = LeftAs.RUNNABLE;
    long offSince = -1;
    boolean asleep;
    /// The process of which it woke a thread since it last slept; −1 if none. A wake-up by that process is then an answer.
    int askedTgid = -1;
    int cpu;
    @Nullable String blockedIn;
    boolean blockedForIo;

    // In a system call
    @Nullable String call;
    long @Nullable [] arguments;
    long callBegan;
    int callEvents;
    /// The call is the operation that is asked for, and has begun in the replay.
    boolean inOperation;
    /// Something else ran, or it waited, since the call began.
    boolean callDisturbed;
    /// It waited for a lock, or spun.
    boolean callContended;
    /// Whether another thread of its process had a core when the call began.
    boolean callBeganBeside;
    /// Time on a core in this call.
    long callRan;
    /// Times in this call at which it had no core.
    final List<WithoutCore> withoutCore = new ArrayList<>();
    /// Whether the call's time is replaced by the simulated kernel's.
    boolean isMmCall;

    // Lock waits and faults
    /// When it asked for mmap_lock; −1 if it does not wait for it.
    long asksMmapLock = -1;
    boolean asksToWrite;
    /// It has been woken on its way to sleep, before it left its core: by that thread (null for an interrupt), when it had caused so many
    /// events; −1 if it has not.
    @Nullable ThreadTrack earlyWaker;
    int wokenEarlyAt = -1;
    /// It has been woken since it last left its core.
    boolean isWoken;
    @Nullable String holderWhenAsked;
    /// How many mmap_locks it holds, as far as is recorded.
    int heldMmapLocks;
    boolean contends;
    /// It is in a page fault, as far as is known.
    boolean faulting;
    /// How many ops the thread had when it touched what it last faulted on; −1 if it has none.
    int touchedAt = -1;
    long lastFaultAt = -1;
    /// When the fault in user mode began that it may still be in; −1 if it has caused an event since, or left its core.
    long faultsSince = -1;
    long lastFaultAddress;
    /// Faults since an `execve` began that is not over yet, at addresses the old address space does not have; null outside of it.
    @Nullable List<ExecFault> execFaults;

    // Timers: how regular their lengths and their ends are
    long lastTimerEnd = -1;
    final Spread lengths = new Spread();
    final Spread intervals = new Spread();

    final Deque<OpenSlice> slices = new ArrayDeque<>();
    /// Of the operation that is asked for, if that is a function: its calls that have not returned.
    final Deque<OpenFunction> functions = new ArrayDeque<>();

    /// @param ran how much of the call had run before
    /// @param how as in an op
    record WithoutCore(long ran, long since, long until, int cpu, long how) {}

    /// @param how as in an op
    record ExecFault(long address, long how) {}

    /// @param function its address, −1 if unknown
    record OpenFunction(long function, long began) {}

    /// @param name index among the workload's names; −1 for a slice that is not kept
    record OpenSlice(int name, long token, long began) {}

    ThreadTrack(RecordedThread thread) {
        this.thread = thread;
    }

    void comesOn(long at) {
        offSince = -1;
        faultsSince = -1;
        wokenAt = -1;
        onCpuSince = at;
        cameOnAt = at;
        faulting &= leftAs == LeftAs.RUNNABLE || leftAs == LeftAs.PREEMPTED_IN_KERNEL;
    }

    void beginCall(String name, long[] itsArguments, long now, boolean isOfMm) {
        call = name;
        arguments = itsArguments;
        callBegan = now;
        callEvents = 0;
        callRan = 0;
        withoutCore.clear();
        callDisturbed = false;
        callContended = false;
        faulting = false;
        isMmCall = isOfMm;
    }

    void endCall() {
        call = null;
        arguments = null;
        contends = false;
        asksMmapLock = -1;
    }

    /// Its activity in the kernel, for readers.
    @Nullable String where() {
        if (isMmCall) {
            return call;
        }
        return faulting ? "page fault" : blockedIn != null ? blockedIn : call != null ? call : "?";
    }

    /// The spread of values: the median distance from their median, relative to it.
    static final class Spread {
        private static final int MOST = 4_096;
        private long[] values = new long[16];
        private int count;

        void add(long value) {
            if (count < MOST) {
                if (count == values.length) {
                    values = Arrays.copyOf(values, count * 2);
                }
                values[count++] = value;
            }
        }

        int count() {
            return count;
        }

        /// 0 for values that are all alike.
        double relative() {
            if (count == 0) {
                return Double.MAX_VALUE;
            }
            long median = median(Arrays.copyOf(values, count));
            return (double) median(Arrays.stream(values, 0, count).map(value -> Math.abs(value - median)).toArray()) / Math.max(1, median);
        }

        private static long median(long[] some) {
            Arrays.sort(some);
            return some[some.length / 2];
        }
    }
}
