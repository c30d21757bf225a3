package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.RecordedProcess;
import io.janklab.workloads.recording.workload.Spreads;
import io.janklab.workloads.recording.workload.Usual;
import io.janklab.workloads.recording.workload.Workload;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The current time in the recording, the account of each thread's time, and the resulting ops.
final class Ledger {
    private static final int FULL_CAPACITY = 1024;
    private static final int LEAST_IDLE_EXITS = 20;

    final Workload workload = new Workload();
    private final int[] capacities;
    private long origin = -1;
    private long now;
    private long eventCostNs;
    private final Map<String, long[]> gaps = new LinkedHashMap<>();
    /// From a wake-up until an idle core runs the thread.
    private final Usual wakeLatency = new Usual();
    private final Histogram idleExits = new Histogram(2);
    final OnCores onCores = new OnCores();
    final FaultCost faultCost = new FaultCost();
    /// The process that was asked for last; null before.
    private @Nullable Latest latest;

    private record Latest(int tgid, RecordedProcess process, ObservedFigures figures) {}

    /// @param capacities of the recorded machine's cores, 1024 for the fastest; cores it does not have count as such
    Ledger(long eventCostNs, int... capacities) {
        this.capacities = capacities.clone();
        eventCost(eventCostNs);
    }

    void eventCost(long ns) {
        eventCostNs = ns;
        workload.eventCostNs = ns;
    }

    long eventCost() {
        return eventCostNs;
    }

    void arriveAt(long ns) {
        origin = origin < 0 ? ns : origin;
        now = Math.max(now, ns - origin);
    }

    /// Ns since the first event.
    long now() {
        return now;
    }

    /// The figures of a process. Most events are of the same one as the event before.
    ObservedFigures figuresOf(int tgid) {
        return latest(tgid).figures;
    }

    private Latest latest(int tgid) {
        Latest found = latest;
        if (found == null || found.tgid != tgid) {
            ObservedFigures figures = workload.figuresOf(tgid);
            found = new Latest(tgid, workload.process(tgid), figures);
            latest = found;
        }
        return found;
    }

    /// An mm call or a page fault of that process.
    void mmEvent(int tgid) {
        latest(tgid).process.mmEvents++;
    }

    /// The first event's time, on the recording's own clock.
    long origin() {
        return origin;
    }

    /// Gives a thread that is on a core the time since it was last accounted for.
    void account(ThreadTrack track) {
        if (track.onCpuSince >= 0) {
            long ran = now - track.onCpuSince;
            track.onCpuSince = now;
            track.thread.cpuNs += ran;
            if (track.isMmCall) {
                track.callRan += ran;
                gap("in mm calls", ran);
            } else {
                track.work += track.cpu < capacities.length ? ran * capacities[track.cpu] / FULL_CAPACITY : ran;
            }
        }
    }

    void gap(String what, long ns) {
        gaps.computeIfAbsent(what, name -> new long[1])[0] += ns;
    }

    /// Tells the workload where the time went. Nothing may follow.
    void finish() {
        gaps.forEach((what, sum) -> workload.gaps.put(what, sum[0]));
        if (idleExits.getTotalCount() >= LEAST_IDLE_EXITS) {
            long[] spread = Spreads.of(idleExits.getTotalCount(), part -> idleExits.getValueAtPercentile(100 * part));
            workload.idleExitNs = Arrays.stream(spread).boxed().toList();
        }
    }

    /// `track`'s thread, which was woken so long ago, has come on a core that had idled.
    void cameOnIdleCore(long afterNs) {
        wakeLatency.add(afterNs);
        idleExits.recordValue(afterNs);
    }

    /// `track`'s thread does something itself, and so it is on a core. If it had been woken, and no event shows that it came on one, that
    /// was an idle one.
    void acts(ThreadTrack track) {
        if (track.onCpuSince < 0 && track.wokenAt >= 0 && !track.asleep) {
            onCores.comesOnUnseen(track, now, wakeLatency.ns());
            gap("on a core after a switch that is not recorded, until the next event", now - track.onCpuSince);
        }
        account(track);
        faultCost.endsBy(track, now, eventCostNs);
    }

    /// An event that `track`'s thread caused itself.
    void caused(ThreadTrack track) {
        acts(track);
        track.callEvents++;
        if (track.isMmCall) {
            track.traced += eventCostNs;
        } else {
            traced(track);
        }
    }

    /// The thread's work so far has the cost of one event in it.
    void traced(ThreadTrack track) {
        traced(track, eventCostNs);
    }

    /// The thread's work so far has so much of the recorder's own in it.
    void traced(ThreadTrack track, long ns) {
        track.work -= ns;
        track.traced += ns;
    }

    /// Turns a thread's work so far into an op.
    void flush(ThreadTrack track) {
        if (track.work > 0) {
            track.thread.ops.add(Op.COMPUTE, track.work);
            gap("work", track.work);
            track.work = 0;
        }
        if (track.traced > 0) {
            track.thread.ops.add(Op.TRACED, track.traced);
            gap("the recorder's own", track.traced);
            track.traced = 0;
        }
    }

    void op(ThreadTrack track, Op op, long... operands) {
        flush(track);
        track.thread.ops.add(op, operands);
    }
}
