package io.janklab.workloads.recording.rebuild;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.event.Event;
import io.janklab.workloads.recording.event.Event.LeftAs;
import io.janklab.workloads.recording.event.MmCalls;
import io.janklab.workloads.recording.workload.CoreUse;
import io.janklab.workloads.recording.workload.Figures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Sleep;
import io.janklab.workloads.recording.workload.Usual;
import io.janklab.workloads.recording.workload.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Makes a [Workload] from events, as they come.
public final class Rebuilder implements Consumer<Event> {
    /// What an event in the kernel's ring buffer costs whoever causes it, where the recording does not say: a mmap and munmap pair took 5.7
    /// µs with them, 4.4 without (Linux 6.18 on x86-64).
    public static final long DEFAULT_EVENT_COST_NS = 250;
    private static final long WAIT_NS = 5_000;
    private static final long CLONE_VM = 0x100;
    private static final long CLONE_THREAD = 0x10000;
    private static final long PR_SET_VMA = 0x53564d41;
    private static final int TIMER_ABSTIME = 1;
    private static final int LEAST_TIMERS = 8;
    private static final int FULL_CAPACITY = 1024;
    private static final int WHOLE = 1000;
    /// So many calls of a kind tell what is usual.
    private static final int LEAST_CALLS = 8;
    /// Where Android's kernels sleep for mm: an entry point of the address space, not of storage.
    private static final List<String> MM_SLEEPERS = List.of(
            "do_page_fault", "do_user_addr_fault", "lock_mm_and_find_vma", "vm_mmap", "mprotect", "munmap", "do_madvise", "madvise",
            "SyS_prctl", "dup_mm", "vma_start_write", "vm_munmap", "mremap", "SyS_brk", "exit_mmap", "userfaultfd");

    private final Workload workload = new Workload();
    private final Map<Integer, ThreadTrack> tracks = new HashMap<>();
    private final Map<Integer, AddressMap> maps = new HashMap<>();
    private final Map<Integer, Integer> pendingTgids = new HashMap<>();
    private final Map<Integer, String> pendingNames = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<Long, Map<Integer, Long>> holders = new HashMap<>();
    private final Map<String, Usual> usuals = new HashMap<>();
    private final Map<Integer, ThreadTrack> running = new HashMap<>();
    private final FrameRules frames;
    private final FaultCost faultCost = new FaultCost();
    private final ModelledMemory modelled = new ModelledMemory();
    private long eventCost;
    private final int[] capacities;
    private final String operation;
    private long origin = -1;
    private long now;
    private long lastSignal;
    private int highestCpu;

    /// @param eventCostNs what each event cost whoever caused it
    /// @param operation a call or a slice whose latency is asked for; null for none
    /// @param capacities of the recorded machine's cores, 1024 for the fastest; cores it does not have count as such
    public Rebuilder(String name, long eventCostNs, String operation, int... capacities) {
        this.capacities = capacities.clone();
        workload.name = name;
        workload.eventCostNs = eventCostNs;
        this.eventCost = eventCostNs;
        this.operation = operation;
        this.frames = new FrameRules(workload);
    }

    @Override
    public void accept(Event event) {
        if (event.ns() >= 0) {
            origin = origin < 0 ? event.ns() : origin;
            now = Math.max(now, event.ns() - origin);
        }
        switch (event) {
            case Event.Switch e -> schedSwitch(e);
            case Event.Waking e -> waking(e);
            case Event.CallEnter e -> callEnter(e);
            case Event.CallExit e -> callExit(e);
            case Event.Fault e -> fault(e);
            case Event.MmapLock e -> mmapLock(e);
            case Event.Contention e -> contention(e);
            case Event.NewTask e -> newTask(e);
            case Event.Exec e -> exec(e);
            case Event.Exit e -> exit(e);
            case Event.Rename e -> name(e.tid(), e.name());
            case Event.Blocked e -> blocked(e);
            case Event.SliceBegin e -> sliceBegin(e);
            case Event.SliceEnd e -> sliceEnd(e);
            case Event.Frame e -> frames.timeline(e, origin);
            case Event.Rss e -> rss(e);
            case Event.ThreadOf e -> threadOf(e);
            case Event.ProcessName e -> workload.process(e.tgid()).name = e.name();
            case Event.Mapping e -> mapping(e);
            case Event.Machine e -> machine(e);
            case Event.EventCost e -> {
                eventCost = e.costNs();
                workload.eventCostNs = eventCost;
            }
            case Event.Frequency e -> highestCpu = Math.max(highestCpu, e.cpu());
            case Event.Lost e -> workload.gaps.merge("events lost", Math.max(1, e.events()), Long::sum);
        }
    }

    /// What has become of all events so far. Nothing may come after it.
    public Workload finish() {
        workload.durationNs = now;
        workload.cpus = workload.cpus == 0 ? highestCpu + 1 : workload.cpus;
        workload.faultNs = faultCost.ns();
        for (ThreadTrack track : tracks.values()) {
            finish(track);
        }
        maps.forEach((tgid, map) -> map.addUnknownTo(workload.process(tgid)));
        modelled.finish(workload);
        frames.finish();
        return workload;
    }

    private void finish(ThreadTrack track) {
        account(track);
        flush(track);
        RecordedThread thread = track.thread;
        thread.aliveNs = (track.alive ? now : thread.aliveNs) - thread.beginsAt;
        boolean fewLengths = track.lengths.count() < LEAST_TIMERS;
        thread.isPeriodic = !fewLengths && track.intervals.relative() < track.lengths.relative();
        workload.process(thread.tgid).cpuNs += thread.cpuNs;
        Figures figures = workload.figuresOf(thread.tgid);
        figures.cpu.merge(thread.name, thread.cpuNs, Long::sum);
        figures.runTimeNs = Math.max(figures.runTimeNs, track.alive
                ? Math.max(track.lastRan, track.onCpuSince)
                : thread.beginsAt + thread.aliveNs);
    }

    // Identity

    private ThreadTrack track(int tid) {
        ThreadTrack track = tracks.get(tid);
        return track != null ? track : meet(tid);
    }

    private ThreadTrack meet(int tid) {
        RecordedThread thread = new RecordedThread(workload.threads.size(), tid);
        workload.threads.add(thread);
        thread.beginsAt = now;
        thread.tgid = pendingTgids.getOrDefault(tid, tid);
        workload.process(thread.tgid);
        if (pendingNames.containsKey(tid)) {
            thread.name = pendingNames.get(tid);
        }
        ThreadTrack track = new ThreadTrack(thread);
        tracks.put(tid, track);
        return track;
    }

    private void threadOf(Event.ThreadOf e) {
        pendingTgids.put(e.tid(), e.tgid());
        ThreadTrack track = tracks.get(e.tid());
        if (track != null && track.thread.tgid != e.tgid()) {
            track.thread.tgid = e.tgid();
        }
        name(e.tid(), e.name());
    }

    private void name(int tid, String name) {
        if (name == null || name.isEmpty() || name.startsWith("<")) {
            return;
        }
        ThreadTrack track = tracks.get(tid);
        if (track == null) {
            pendingNames.put(tid, name);
        } else {
            track.thread.name = name;
            if (tid == track.thread.tgid && workload.process(tid).name.startsWith("process ")) {
                workload.process(tid).name = name;
            }
        }
    }

    private AddressMap map(ThreadTrack track) {
        return maps.computeIfAbsent(track.thread.tgid, tgid -> new AddressMap());
    }

    private void machine(Event.Machine e) {
        workload.release = e.release();
        workload.architecture = e.architecture();
        workload.cpus = Math.max(workload.cpus, e.cpus());
        workload.memoryBytes = e.memoryBytes();
    }

    private void mapping(Event.Mapping e) {
        if (e.start() < 0 || e.end() > 1L << 47) {
            return;
        }
        maps.computeIfAbsent(e.tgid(), tgid -> new AddressMap()).map(e.start(), e.end(), -1, 0);
        workload.process(e.tgid()).areas.add(new io.janklab.workloads.recording.workload.RecordedProcess.Area(e.start(), e.end(),
                e.protection(), !e.file().isEmpty()));
    }

    // Time

    /// Gives a thread that is on a core the time since it was last accounted for.
    private void account(ThreadTrack track) {
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

    private void gap(String what, long ns) {
        workload.gaps.merge(what, ns, Long::sum);
    }

    /// An event that `track`'s thread caused itself.
    private void caused(ThreadTrack track) {
        account(track);
        track.callEvents++;
        if (!track.isMmCall) {
            track.work -= eventCost;
        }
    }

    private void flush(ThreadTrack track) {
        if (track.work > 0) {
            track.thread.ops.add(Op.COMPUTE, track.work);
            gap("work", track.work);
            track.work = 0;
        }
    }

    private void op(ThreadTrack track, Op op, long... operands) {
        flush(track);
        track.thread.ops.add(op, operands);
    }

    // Scheduler

    private void schedSwitch(Event.Switch e) {
        highestCpu = Math.max(highestCpu, e.cpu());
        ThreadTrack current = running.put(e.cpu(), e.next() > 0 ? track(e.next()) : null);
        if (current != null && current.thread.tid != e.prev() && current.onCpuSince >= 0 && current.cpu == e.cpu()) {
            leftUnseen(current, e.prev() == 0);
        }
        if (e.prev() > 0) {
            ThreadTrack prev = track(e.prev());
            name(e.prev(), e.prevName());
            caused(prev);
            leaves(prev, e.cpu());
            prev.offSince = now;
            prev.leftAs = e.leftAs();
            prev.asleep = e.leftAs() == LeftAs.SLEEPING || e.leftAs() == LeftAs.UNINTERRUPTIBLE;
            prev.callDisturbed = true;
            if (e.prevPrio() >= 0) {
                prev.thread.prio = e.prevPrio();
            }
            workload.figuresOf(prev.thread.tgid).switches++;
        }
        if (e.next() > 0) {
            ThreadTrack next = track(e.next());
            name(e.next(), e.nextName());
            if (e.nextPrio() >= 0) {
                next.thread.prio = e.nextPrio();
            }
            if (next.asleep) {
                wokenUnseen(next);
            } else if (next.offSince >= 0) {
                waitedForCore(next, e.cpu());
            }
            next.offSince = -1;
            next.onCpuSince = now;
            next.cameOnAt = now;
            next.cpu = e.cpu();
            next.faulting &= next.leftAs == LeftAs.RUNNABLE;
        }
    }

    /// What others took of a core is taken again; what the process's own threads took the simulated scheduler hands out anew.
    private void waitedForCore(ThreadTrack track, int cpu) {
        gap("waiting for a core", now - track.offSince);
        CoreUse use = workload.cores.get(cpu);
        if (use == null || use.had(track.offSince, now, index -> workload.threads.get(index).tgid != track.thread.tgid) == 0) {
            return;
        }
        if (track.isMmCall) {
            track.withoutCore.add(new ThreadTrack.WithoutCore(track.callRan, track.offSince, now, cpu));
        } else {
            op(track, Op.WITHOUT_CORE, track.offSince, now, cpu);
        }
    }

    private void leaves(ThreadTrack track, int cpu) {
        if (track.onCpuSince >= 0) {
            workload.cores.computeIfAbsent(cpu, core -> new CoreUse()).add(track.cameOnAt, now, track.thread.index);
        }
        track.onCpuSince = -1;
        track.lastRan = now;
    }

    /// It has left its core without a word, as recordings filtered by process have it of others. If the core has not idled, it was the one
    /// that ran.
    private void leftUnseen(ThreadTrack track, boolean coreIdled) {
        if (coreIdled) {
            gap("on a core or idle, nobody knows", now - track.onCpuSince);
        } else {
            account(track);
            leaves(track, track.cpu);
        }
        track.onCpuSince = -1;
        track.offSince = now;
        track.asleep = true;
        track.leftAs = LeftAs.SLEEPING;
        track.callDisturbed = true;
    }

    private void wokenUnseen(ThreadTrack track) {
        long slept = now - track.offSince;
        track.asleep = false;
        if (!dropLockWait(track, slept, false)) {
            op(track, Op.SLEEP, slept, now, Sleep.UNKNOWN.ordinal());
            track.thread.unknownNs += slept;
            gap("asleep, nobody knows why", slept);
        }
    }

    private void waking(Event.Waking e) {
        if (e.tid() <= 0) {
            return;
        }
        name(e.tid(), e.name());
        ThreadTrack sleeper = track(e.tid());
        ThreadTrack waker = e.waker() > 0 && (e.context() == Event.Context.TASK || e.context() == Event.Context.UNKNOWN)
                ? track(e.waker())
                : null;
        if (e.waker() > 0) {
            caused(track(e.waker()));
        }
        if (!sleeper.asleep || sleeper.offSince < 0) {
            if (!e.first() && sleeper.thread.beginsAt == now && sleeper.onCpuSince < 0) {
                sleeper.offSince = now;
            }
            return;
        }
        long slept = now - sleeper.offSince;
        sleeper.asleep = false;
        workload.figuresOf(sleeper.thread.tgid).wakeups++;
        if (!dropLockWait(sleeper, slept, waker == null)) {
            if (waker != null && waker != sleeper) {
                long number = lastSignal++;
                op(waker, Op.SIGNAL, number);
                boolean answers = sleeper.askedTgid == waker.thread.tgid;
                op(sleeper, Op.AWAIT, number, slept, now, waker.thread.index, (answers ? Sleep.ANSWER : Sleep.UNTIL).ordinal());
                gap("asleep until another thread woke it", slept);
            } else {
                timerOrAnswer(sleeper, slept);
            }
        }
        sleeper.offSince = now;
        sleeper.leftAs = LeftAs.RUNNABLE;
        sleeper.askedTgid = -1;
        if (waker != null) {
            waker.askedTgid = sleeper.thread.tgid;
        }
    }

    private void timerOrAnswer(ThreadTrack track, long slept) {
        Sleep kind = Sleep.TIMER;
        if (track.leftAs == LeftAs.UNINTERRUPTIBLE) {
            kind = Sleep.ANSWER;
        } else if ("clock_nanosleep".equals(track.call)) {
            kind = track.arguments.length > 1 && (track.arguments[1] & TIMER_ABSTIME) != 0 ? Sleep.UNTIL : Sleep.FOR;
        } else if ("nanosleep".equals(track.call)) {
            kind = Sleep.FOR;
        } else {
            track.lengths.add(slept);
            if (track.lastTimerEnd >= 0) {
                track.intervals.add(now - track.lastTimerEnd);
            }
            track.lastTimerEnd = now;
        }
        op(track, Op.SLEEP, slept, now, kind.ordinal());
        gap(kind == Sleep.ANSWER ? "asleep in D state for storage and the like" : "asleep until a timer or an interrupt", slept);
    }

    /// A sleep that is a wait for a lock of the address space is dropped: a replay takes the lock again.
    private boolean dropLockWait(ThreadTrack track, long slept, boolean byInterrupt) {
        boolean uninterruptible = track.leftAs == LeftAs.UNINTERRUPTIBLE;
        String where = track.isMmCall ? track.call
                : track.faulting ? "page fault"
                : track.blockedIn != null ? track.blockedIn
                : track.call != null ? track.call : "?";
        if (uninterruptible) {
            workload.figuresOf(track.thread.tgid).uninterruptible.merge(track.thread.name + " in " + where, slept, Long::sum);
        }
        boolean byCaller = track.blockedIn != null && !track.blockedForIo && MM_SLEEPERS.stream().anyMatch(track.blockedIn::contains);
        boolean lock = track.asksMmapLock >= 0
                || (track.isMmCall && (track.contends || (uninterruptible && !byInterrupt)))
                || (track.faulting && uninterruptible && !byInterrupt)
                || (uninterruptible && byCaller);
        if (lock) {
            gap("asleep waiting for an mm lock", slept);
            workload.figuresOf(track.thread.tgid).lockSleepNs += slept;
            if (byCaller && !workload.hasCalls) {
                modelled.blockedIn(track, track.blockedIn);
            }
        }
        track.blockedIn = null;
        track.blockedForIo = false;
        return lock;
    }

    private void blocked(Event.Blocked e) {
        if (e.tid() > 0) {
            ThreadTrack track = track(e.tid());
            track.blockedIn = e.caller().isEmpty() ? null : e.caller();
            track.blockedForIo = e.io();
        }
    }

    private void newTask(Event.NewTask e) {
        ThreadTrack parent = e.parent() > 0 ? track(e.parent()) : null;
        if (parent != null) {
            caused(parent);
        }
        boolean known = tracks.containsKey(e.tid()) && tracks.get(e.tid()).thread.isSpawned && tracks.get(e.tid()).alive;
        boolean thread = e.flags() >= 0 ? (e.flags() & CLONE_THREAD) != 0 : pendingTgids.getOrDefault(e.tid(), e.tid()) != e.tid();
        if (parent != null && e.flags() >= 0) {
            pendingTgids.put(e.tid(), thread ? parent.thread.tgid : e.tid());
            parent.forked |= (e.flags() & CLONE_VM) == 0;
        }
        name(e.tid(), e.name());
        if (known || e.tid() <= 0) {
            return;
        }
        tracks.remove(e.tid());
        ThreadTrack child = track(e.tid());
        child.thread.isSpawned = parent != null;
        if (parent != null) {
            child.thread.parent = parent.thread.index;
            op(parent, Op.SPAWN, child.thread.index);
            if (!thread && child.thread.tgid == e.tid() && workload.process(e.tid()).name.startsWith("process ")) {
                workload.process(e.tid()).name = e.name().isEmpty() ? parent.thread.name : e.name();
            }
        }
    }

    private void exec(Event.Exec e) {
        ThreadTrack track = track(e.tid());
        AddressMap old = maps.remove(track.thread.tgid);
        if (old != null) {
            old.addUnknownTo(workload.process(track.thread.tgid));
        }
        String file = e.file();
        if (!file.isEmpty()) {
            name(e.tid(), file.substring(file.lastIndexOf('/') + 1));
            workload.process(track.thread.tgid).name = file.substring(file.lastIndexOf('/') + 1);
        }
    }

    private void exit(Event.Exit e) {
        if (!tracks.containsKey(e.tid())) {
            return;
        }
        ThreadTrack track = track(e.tid());
        caused(track);
        flush(track);
        track.alive = false;
        track.thread.aliveNs = now;
        // What follows takes its address space down; that is the kernel's.
        track.isMmCall = true;
        track.call = "exit";
    }

    // System calls

    private void callEnter(Event.CallEnter e) {
        ThreadTrack track = track(e.tid());
        caused(track);
        flush(track);
        track.call = e.call();
        track.arguments = e.arguments();
        track.callBegan = now;
        track.callEvents = 0;
        track.callRan = 0;
        track.withoutCore.clear();
        track.callDisturbed = false;
        track.forked = false;
        track.faulting = false;
        track.isMmCall = isOfMm(e);
        if (track.isMmCall) {
            workload.hasCalls = true;
            workload.process(track.thread.tgid).calls++;
        }
    }

    private static boolean isOfMm(Event.CallEnter e) {
        return switch (e.call()) {
            case "ioctl", "msync", "userfaultfd" -> false;
            case "prctl" -> e.arguments().length > 0 && e.arguments()[0] == PR_SET_VMA;
            default -> MmCalls.isOne(e.call());
        };
    }

    private void callExit(Event.CallExit e) {
        ThreadTrack track = track(e.tid());
        account(track);
        if (!e.call().equals(track.call) || track.arguments == null) {
            track.call = null;
            return;
        }
        long took = now - track.callBegan - (long) track.callEvents * eventCost;
        Figures figures = workload.figuresOf(track.thread.tgid);
        if (track.isMmCall) {
            track.isMmCall = false;
            track.work -= eventCost;
            String what = CallName.of(e.call(), track.arguments);
            figures.latencies.add(what, track.thread.name, took);
            long heldUp = track.callDisturbed ? 0 : heldUp(what, at(track.arguments, 1), took);
            if (heldUp > 0) {
                op(track, Op.HELD_UP, heldUp);
                gap("in mm calls, held up by what no event tells", heldUp);
            } else if (!track.callDisturbed) {
                figures.undisturbed.add(what, track.thread.name, took);
            }
            long ran = Math.max(1, track.callRan);
            track.withoutCore.forEach(lost -> op(track, Op.LOSES_CORE, lost.ran() * WHOLE / ran, lost.since(), lost.until(), lost.cpu()));
            replayed(track, e.call(), track.arguments, e.result());
        } else {
            track.work -= eventCost;
            if (track.forked) {
                track.work = 0;
                op(track, Op.FORK);
            }
        }
        if (operation != null && (operation.equals(e.call()) || operation.equals("sys_" + e.call()))) {
            figures.latencies.add("operation " + operation, track.thread.name, took);
        }
        track.call = null;
        track.arguments = null;
        track.contends = false;
        track.asksMmapLock = -1;
    }

    /// How much longer an undisturbed call took than such calls of such a length take; 0 if it is within what they do.
    private long heldUp(String what, long length, long took) {
        Usual usual = usuals.computeIfAbsent(what + " of 2^" + (Long.SIZE - Long.numberOfLeadingZeros(length)), kind -> new Usual());
        long usualNs = usual.count() < LEAST_CALLS ? took : usual.ns();
        usual.add(took);
        return took > 2 * usualNs ? took - usualNs : 0;
    }

    private static long at(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }

    private static long pages(long bytes) {
        return bytes + AddressMap.PAGE - 1 & -AddressMap.PAGE;
    }

    /// The call as it is made again, and what that means for the address space.
    private void replayed(ThreadTrack track, String call, long[] a, long result) {
        AddressMap map = map(track);
        int self = track.thread.index;
        long start = at(a, 0);
        long end = start + pages(at(a, 1));
        boolean failed = result < 0 && result > -4096;
        if ((failed && !call.equals("madvise")) || (start < 0 && !call.equals("prctl"))) {
            gap("failed calls, which are not made again", 1);
            return;
        }
        switch (call) {
            case "mmap" -> {
                boolean file = (at(a, 3) & Mman.MAP_ANONYMOUS) == 0;
                op(track, Op.MMAP, result, pages(at(a, 1)), at(a, 2), at(a, 3) & 0xffff_ffffL, file ? 1 : 0);
                map.map(result, result + pages(at(a, 1)), self, track.thread.ops.count());
            }
            case "munmap" -> {
                needUsers(track, map, start, end);
                op(track, Op.MUNMAP, start, end - start);
                map.unmap(start, end);
            }
            case "mprotect", "pkey_mprotect" -> {
                op(track, Op.MPROTECT, start, end - start, at(a, 2));
                if (map.find(start) != null) {
                    map.map(start, end, self, track.thread.ops.count());
                }
            }
            case "madvise" -> op(track, Op.MADVISE, start, at(a, 1), at(a, 2));
            case "mremap" -> {
                needUsers(track, map, start, end);
                op(track, Op.MREMAP, start, at(a, 1), at(a, 2), at(a, 3), result);
                map.unmap(start, end);
                map.map(result, result + pages(at(a, 2)), self, track.thread.ops.count());
            }
            case "brk" -> brk(track, map, result);
            case "mlock", "mlock2" -> op(track, Op.MLOCK, start, at(a, 1));
            case "munlock" -> op(track, Op.MUNLOCK, start, at(a, 1));
            case "prctl" -> op(track, Op.SET_NAME, at(a, 2), at(a, 3));
            default -> gap("calls that are not replayed", 1);
        }
    }

    private void brk(ThreadTrack track, AddressMap map, long result) {
        var process = workload.process(track.thread.tgid);
        if (process.firstBreak == 0) {
            process.firstBreak = result;
        }
        if (result < process.firstBreak) {
            return;
        }
        // One that only asks, or is refused, leaves the break where it is, and so does its replay.
        op(track, Op.BRK, result, process.firstBreak);
        map.map(process.firstBreak & -AddressMap.PAGE, pages(result), track.thread.index, track.thread.ops.count());
    }

    /// Nobody's memory is taken away before it has been used.
    private void needUsers(ThreadTrack track, AddressMap map, long start, long end) {
        map.usersOf(start, end).entrySet().stream().filter(use -> use.getKey() != track.thread.index).sorted(Map.Entry.comparingByKey())
                .forEach(use -> op(track, Op.NEEDS, use.getKey(), use.getValue()));
    }

    // Faults and locks

    private void fault(Event.Fault e) {
        ThreadTrack track = track(e.tid());
        long free = track.onCpuSince;
        account(track);
        faultCost.fault(track, now, e.address(), eventCost, free >= 0);
        track.callEvents++;
        workload.figuresOf(track.thread.tgid).faults++;
        workload.hasFaults = true;
        if (track.isMmCall) {
            return;
        }
        track.work -= eventCost;
        track.faulting = true;
        if (e.address() >= 0) {
            touch(track, e.address(), e.access() == Event.Access.WRITE || e.access() == Event.Access.UNKNOWN);
        }
    }

    void touch(ThreadTrack track, long address, boolean write) {
        AddressMap map = map(track);
        AddressMap.Piece piece = map.find(address);
        int self = track.thread.index;
        if (piece == null) {
            map.touchUnknown(address);
        } else if (piece.shaper >= 0 && piece.shaper != self) {
            if (!piece.users.containsKey(self)) {
                op(track, Op.NEEDS, piece.shaper, piece.op);
            }
            piece.users.put(self, track.thread.ops.count() + 1);
        }
        op(track, Op.TOUCH, address, write ? 1 : 0);
    }

    private void mmapLock(Event.MmapLock e) {
        ThreadTrack track = track(e.tid());
        caused(track);
        Map<Integer, Long> held = holders.computeIfAbsent(e.mm(), mm -> new HashMap<>());
        switch (e.step()) {
            case START -> {
                track.asksMmapLock = now;
                track.asksToWrite = e.write();
                track.holderWhenAsked = held.keySet().stream().filter(tid -> tid != e.tid()).findFirst().map(this::describe)
                        .orElse("nobody who was seen");
            }
            case ACQUIRED -> {
                held.put(e.tid(), now);
                if (track.asksMmapLock >= 0) {
                    long waited = now - track.asksMmapLock;
                    Figures figures = workload.figuresOf(track.thread.tgid);
                    figures.latencies.add(e.write() ? Figures.MMAP_LOCK_WRITE : Figures.MMAP_LOCK_READ, track.thread.name, waited);
                    if (waited > WAIT_NS) {
                        track.callDisturbed = true;
                        figures.waitsByHolder.merge(track.thread.name + " waits for " + track.holderWhenAsked, waited, Long::sum);
                    }
                }
                track.asksMmapLock = -1;
            }
            case REFUSED -> track.asksMmapLock = -1;
            case RELEASED -> {
                Long since = held.remove(e.tid());
                if (since != null) {
                    workload.figuresOf(track.thread.tgid).latencies.add("mmap_lock hold", track.thread.name, now - since);
                }
            }
        }
    }

    private String describe(int tid) {
        ThreadTrack holder = track(tid);
        return holder.thread.name + (holder.call == null ? holder.faulting ? " in a page fault" : "" : " in " + holder.call)
                + (holder.onCpuSince < 0 ? ", off its core" : "");
    }

    private void contention(Event.Contention e) {
        ThreadTrack track = track(e.tid());
        caused(track);
        track.contends = e.begins() && !e.spins();
        track.callDisturbed |= e.begins();
    }

    private void rss(Event.Rss e) {
        if (e.tid() > 0 && e.current() && !workload.hasFaults) {
            modelled.rss(track(e.tid()), e);
        }
    }

    // Slices

    private void sliceBegin(Event.SliceBegin e) {
        ThreadTrack track = track(e.tid());
        caused(track);
        boolean isOperation = e.name().equals(operation);
        String kept = frames.isFrame(e.name()) || isOperation ? e.name() : null;
        int name = -1;
        long token = 0;
        if (kept != null) {
            token = frames.begin(track, kept, now);
            String text = isOperation ? operation : frames.family(kept);
            name = names.computeIfAbsent(text, key -> {
                workload.names.add(key);
                return workload.names.size() - 1;
            });
            op(track, Op.SLICE_BEGIN, name, token);
        }
        track.slices.push(new ThreadTrack.OpenSlice(name, e.name(), token, now));
    }

    private void sliceEnd(Event.SliceEnd e) {
        ThreadTrack track = track(e.tid());
        caused(track);
        ThreadTrack.OpenSlice slice = track.slices.poll();
        if (slice == null) {
            return;
        }
        if (slice.name() >= 0) {
            op(track, Op.SLICE_END, slice.token());
            String text = workload.names.get(slice.name());
            boolean isOperation = text.equals(operation);
            String name = isOperation ? "operation " + text : text;
            workload.figuresOf(track.thread.tgid).latencies.add(name, track.thread.name, now - slice.began());
            if (!isOperation) {
                frames.end(track, text, slice, now);
            }
        }
    }
}
