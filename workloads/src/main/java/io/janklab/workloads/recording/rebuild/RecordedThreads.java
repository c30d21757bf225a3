package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.workload.Beside;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedProcess;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Spawn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The threads, their processes and address spaces, from their first event to their exit.
///
/// A fork's child has a copy of its parent's address space, one made with CLONE_VM shares it, and `execve` gives its caller a new one.
final class RecordedThreads {
    private static final long CLONE_VM = 0x100;
    private static final long CLONE_THREAD = 0x10000;
    private static final int LEAST_TIMERS = 8;

    private final Ledger ledger;
    private final Map<Integer, ThreadTrack> tracks = new HashMap<>();
    /// The one asked for last; null if it may no longer be the one of its id. Most events are of the same thread as the one before.
    private @Nullable ThreadTrack latest;
    private final Map<Integer, AddressMap> maps = new HashMap<>();
    private final List<AddressMap> allMaps = new ArrayList<>();
    private final Map<Integer, Integer> pendingTgids = new HashMap<>();
    private final Map<Integer, String> pendingNames = new HashMap<>();

    RecordedThreads(Ledger ledger) {
        this.ledger = ledger;
    }

    /// The thread of that id, which begins to be known if it was not.
    ThreadTrack track(int tid) {
        if (latest == null || latest.thread.tid != tid) {
            ThreadTrack track = tracks.get(tid);
            latest = track != null ? track : meet(tid);
        }
        return latest;
    }

    private ThreadTrack meet(int tid) {
        List<RecordedThread> threads = ledger.workload.threads;
        RecordedThread thread = new RecordedThread(threads.size(), tid, new Ops(ledger.workload.scratch));
        threads.add(thread);
        thread.beginsAt = ledger.now();
        thread.tgid = pendingTgids.getOrDefault(tid, tid);
        process(thread.tgid);
        if (pendingNames.containsKey(tid)) {
            thread.name = pendingNames.get(tid);
        }
        ThreadTrack track = new ThreadTrack(thread);
        tracks.put(tid, track);
        return track;
    }

    private RecordedProcess process(int tgid) {
        return ledger.workload.process(tgid);
    }

    /// The address space that a thread is in.
    AddressMap map(ThreadTrack track) {
        return map(track.thread.tgid);
    }

    private AddressMap map(int tgid) {
        AddressMap map = maps.get(tgid);
        return map != null ? map : enter(tgid, new AddressMap(process(tgid).images.getFirst()));
    }

    private AddressMap enter(int tgid, AddressMap map) {
        maps.put(tgid, map);
        allMaps.add(map);
        return map;
    }

    void threadOf(RecordedEvent.ThreadOf e) {
        pendingTgids.put(e.tid(), e.tgid());
        ThreadTrack track = tracks.get(e.tid());
        if (track != null && track.thread.tgid != e.tgid()) {
            track.thread.tgid = e.tgid();
        }
        name(e.tid(), e.name());
    }

    void name(int tid, @Nullable String given) {
        if (given == null || given.isEmpty() || given.startsWith("<")) {
            return;
        }
        String name = OneLine.of(given);
        ThreadTrack track = tracks.get(tid);
        if (track == null) {
            pendingNames.put(tid, name);
        } else {
            track.thread.name = name;
            nameProcess(track.thread, name);
        }
    }

    private void nameProcess(RecordedThread main, String name) {
        if (main.tid == main.tgid && !process(main.tid).isNamed()) {
            process(main.tid).name = name;
        }
    }

    void mapping(RecordedEvent.Mapping e) {
        if (e.start() < 0 || e.end() > 1L << 47) {
            return;
        }
        map(e.tgid()).map(e.start(), e.end(), -1, 0);
        process(e.tgid()).images.getFirst().areas().add(new RecordedProcess.Area(e.start(), e.end(), e.protection(), !e.file().isEmpty()));
    }

    void newTask(RecordedEvent.NewTask e) {
        ThreadTrack parent = e.parent() > 0 ? track(e.parent()) : null;
        if (parent != null) {
            ledger.caused(parent);
        }
        boolean isThread = e.flags() >= 0 ? (e.flags() & CLONE_THREAD) != 0 : pendingTgids.getOrDefault(e.tid(), e.tid()) != e.tid();
        if (parent != null && e.flags() >= 0) {
            pendingTgids.put(e.tid(), isThread ? parent.thread.tgid : e.tid());
        }
        name(e.tid(), e.name());
        if (e.tid() <= 0 || isKnown(e.tid())) {
            return;
        }
        ThreadTrack before = tracks.remove(e.tid());
        latest = null;
        if (before != null) {
            finish(before);
        }
        ThreadTrack child = track(e.tid());
        child.thread.isSpawned = parent != null;
        if (parent != null) {
            child.thread.parent = parent.thread.index;
            boolean shares = isThread || (e.flags() >= 0 && (e.flags() & CLONE_VM) != 0);
            spawn(parent, child, shares ? Spawn.SHARES : Spawn.FORKS);
            nameProcess(child.thread, e.name().isEmpty() ? parent.thread.name : e.name());
        }
    }

    private boolean isKnown(int tid) {
        ThreadTrack track = tracks.get(tid);
        return track != null && track.thread.isSpawned && track.alive;
    }

    private void spawn(ThreadTrack parent, ThreadTrack child, Spawn how) {
        if (how == Spawn.FORKS) {
            forks(parent);
        }
        ledger.op(parent, Op.SPAWN, child.thread.index, how.ordinal());
        if (child.thread.tgid != parent.thread.tgid) {
            enter(child.thread.tgid, how == Spawn.FORKS ? map(parent).copy() : map(parent));
        }
    }

    /// The call's work so far is the copying, which is repeated.
    private void forks(ThreadTrack parent) {
        long took = Math.max(0, parent.work);
        parent.work = 0;
        if (parent.call != null && !parent.callDisturbed && parent.onCpuSince >= 0) {
            ObservedFigures figures = ledger.figuresOf(parent.thread.tgid);
            figures.latencies.add(ObservedFigures.FORK, parent.thread.name, took);
            figures.undisturbed(ObservedFigures.FORK, 0, parent.thread.name, took);
            ledger.op(parent, Op.TOOK, took, 0);
        }
    }

    /// A process that executes another program has an address space of its own from then on.
    void exec(RecordedEvent.Exec e) {
        ThreadTrack track = track(e.tid());
        RecordedProcess process = process(track.thread.tgid);
        ledger.op(track, Op.EXEC, process.images.size());
        process.images.add(new RecordedProcess.Image());
        enter(process.tgid, new AddressMap(process.images.getLast()));
        String name = e.file().substring(e.file().lastIndexOf('/') + 1);
        if (!name.isEmpty()) {
            name(e.tid(), name);
            process.name = OneLine.of(name);
        }
    }

    void exit(RecordedEvent.Exit e) {
        if (!tracks.containsKey(e.tid())) {
            return;
        }
        ThreadTrack track = track(e.tid());
        ledger.caused(track);
        ledger.flush(track);
        track.alive = false;
        track.thread.aliveNs = ledger.now();
        // The following work tears down its address space, among other things.
        track.beginCall(ObservedFigures.EXIT, new long[0], ledger.now(), true);
    }

    /// The last that an exited thread does with its address space; once.
    void leave(ThreadTrack track) {
        if (!track.alive && !track.hasLeft) {
            track.hasLeft = true;
            ledger.account(track);
            long took = track.callRan - (long) track.callEvents * ledger.eventCost();
            if (took > 0) {
                ledger.op(track, Op.TOOK, took, (track.callDisturbed ? Beside.IN_PART : Beside.NO).code());
            }
            ledger.op(track, Op.EXIT);
            track.isMmCall = false;
        }
    }

    void finish() {
        tracks.values().stream().sorted(Comparator.comparingInt(track -> track.thread.index)).forEach(this::finish);
        allMaps.forEach(AddressMap::settleUnknown);
    }

    private void finish(ThreadTrack track) {
        ledger.account(track);
        ledger.flush(track);
        leave(track);
        RecordedThread thread = track.thread;
        thread.aliveNs = (track.alive ? ledger.now() : thread.aliveNs) - thread.beginsAt;
        boolean fewLengths = track.lengths.count() < LEAST_TIMERS;
        thread.isPeriodic = !fewLengths && track.intervals.relative() < track.lengths.relative();
        process(thread.tgid).cpuNs += thread.cpuNs;
        ObservedFigures figures = ledger.workload.figuresOf(thread.tgid);
        figures.cpu.merge(thread.name, thread.cpuNs, Long::sum);
        figures.runTimeNs = Math.max(figures.runTimeNs,
                track.alive ? Math.max(track.lastRan, track.onCpuSince) : thread.beginsAt + thread.aliveNs);
    }
}
