package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.event.RecordedEvent.LeftAs;
import io.janklab.workloads.recording.workload.CoreUse;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Sleep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules for time in which a thread had no core: it waited for one, or for a lock, or slept until a wake-up.
final class SchedulerRules {
    private static final int TIMER_ABSTIME = 1;
    /// Where Android's kernels sleep for mm: an entry point of the address space, not of storage.
    private static final List<String> MM_SLEEPERS = List.of(
            "do_page_fault", "do_user_addr_fault", "lock_mm_and_find_vma", "vm_mmap", "mprotect", "munmap", "do_madvise", "madvise",
            "SyS_prctl", "dup_mm", "vma_start_write", "vm_munmap", "mremap", "SyS_brk", "exit_mmap", "userfaultfd");

    private final Ledger ledger;
    private final RecordedThreads threads;
    private final ModelledMemory modelled;
    private final Map<Integer, ThreadTrack> running = new HashMap<>();
    private final PreemptionRule preemption = new PreemptionRule();
    private long lastSignal;
    private int highestCpu;

    SchedulerRules(Ledger ledger, RecordedThreads threads, ModelledMemory modelled) {
        this.ledger = ledger;
        this.threads = threads;
        this.modelled = modelled;
    }

    void sees(int cpu) {
        highestCpu = Math.max(highestCpu, cpu);
    }

    /// Where the kernel preempts, as far as can be seen; empty if it cannot.
    String preemption() {
        return preemption.concluded();
    }

    /// As many as there must be.
    int cpus() {
        return highestCpu + 1;
    }

    void schedSwitch(RecordedEvent.Switch e) {
        sees(e.cpu());
        ThreadTrack current = running.put(e.cpu(), e.next() > 0 ? threads.track(e.next()) : null);
        if (current != null && current.thread.tid != e.prev() && current.onCpuSince >= 0 && current.cpu == e.cpu()) {
            leftUnseen(current, e.prev() == 0);
        }
        if (e.prev() > 0) {
            comesOff(e);
        }
        ledger.onCores.switches(e.cpu(), e.next() == 0, ledger.now());
        if (e.next() > 0) {
            comesOn(e);
        }
    }

    private void comesOff(RecordedEvent.Switch e) {
        ThreadTrack prev = threads.track(e.prev());
        threads.name(e.prev(), e.prevName());
        prev.cpu = e.cpu();
        ledger.caused(prev);
        leaves(prev, e.cpu());
        prev.offSince = ledger.now();
        prev.isWoken = false;
        prev.leftAs = e.leftAs();
        preemption.left(prev, e.leftAs());
        prev.asleep = e.leftAs() == LeftAs.SLEEPING || e.leftAs() == LeftAs.UNINTERRUPTIBLE;
        prev.callDisturbed = true;
        if (prev.asleep && prev.wokenEarlyAt >= 0 && prev.callEvents == prev.wokenEarlyAt + 1) {
            woken(prev, prev.earlyWaker);
        }
        prev.wokenEarlyAt = -1;
        if (e.prevPrio() >= 0) {
            prev.thread.prio = e.prevPrio();
        }
        ledger.workload.figuresOf(prev.thread.tgid).switches++;
    }

    private void comesOn(RecordedEvent.Switch e) {
        ThreadTrack next = threads.track(e.next());
        threads.name(e.next(), e.nextName());
        if (e.nextPrio() >= 0) {
            next.thread.prio = e.nextPrio();
        }
        if (next.asleep) {
            wokenUnseen(next);
        } else if (next.offSince >= 0) {
            waitedForCore(next, e.cpu());
        }
        if (next.wokenAt >= 0 && e.prev() == 0) {
            ledger.cameOnIdleCore(ledger.now() - next.wokenAt);
        }
        ledger.onCores.comesOn(next, ledger.now());
        next.cpu = e.cpu();
    }

    /// A core's time used by other processes is used again; that of the process's own threads is scheduled anew by the simulator.
    private void waitedForCore(ThreadTrack track, int cpu) {
        long now = ledger.now();
        ledger.gap("waiting for a core", now - track.offSince);
        if (!othersHadCores(track, now)) {
            return;
        }
        if (track.isMmCall) {
            boolean isBeforeLock = track.asksMmapLock >= 0 && !track.isWoken;
            track.withoutCore.add(new ThreadTrack.WithoutCore(isBeforeLock ? 0 : track.callRan, track.offSince, now, cpu, how(track)));
        } else if (track.faulting && how(track) != 0 && track.touchedAt == track.thread.ops.count()) {
            track.thread.ops.add(Op.FAULT_LOSES_CORE, track.offSince, now, cpu, how(track));
            track.touchedAt++;
        } else {
            ledger.op(track, Op.WITHOUT_CORE, track.offSince, now, cpu);
        }
    }

    /// Whether other processes had any core since `track`'s thread has been without one.
    private boolean othersHadCores(ThreadTrack track, long now) {
        List<RecordedThread> all = ledger.workload.threads;
        int tgid = track.thread.tgid;
        return running.values().stream().anyMatch(one -> one != null && one.thread.tgid != tgid)
                || ledger.workload.cores.values().stream()
                        .anyMatch(use -> use.had(track.offSince, now, index -> all.get(index).tgid != tgid) > 0);
    }

    /// What a thread that lost its core had of mmap_lock.
    private static long how(ThreadTrack track) {
        if (track.asksMmapLock >= 0) {
            return !track.isWoken ? 0 : track.asksToWrite ? Op.WOKEN_FOR_MMAP_LOCK : Op.GRANTED_MMAP_LOCK;
        }
        return track.heldMmapLocks > 0 ? Op.UNDER_MMAP_LOCK : 0;
    }

    private void leaves(ThreadTrack track, int cpu) {
        if (track.onCpuSince >= 0) {
            ledger.workload.cores.computeIfAbsent(cpu, core -> new CoreUse(ledger.workload.scratch))
                    .add(track.cameOnAt, ledger.now(), track.thread.index);
        }
        track.onCpuSince = -1;
        track.lastRan = ledger.now();
        ledger.onCores.goesOff(track);
    }

    /// It has left its core without an event, as for other processes in recordings filtered by process. If the core has not idled, it was
    /// the one that ran.
    private void leftUnseen(ThreadTrack track, boolean coreIdled) {
        if (coreIdled) {
            ledger.gap("on a core or idle, unknown which", ledger.now() - track.onCpuSince);
        } else {
            ledger.account(track);
            leaves(track, track.cpu);
        }
        track.onCpuSince = -1;
        ledger.onCores.goesOff(track);
        track.offSince = ledger.now();
        track.asleep = true;
        track.leftAs = LeftAs.SLEEPING;
        track.callDisturbed = true;
    }

    private void wokenUnseen(ThreadTrack track) {
        long slept = ledger.now() - track.offSince;
        track.asleep = false;
        if (!dropLockWait(track, slept, false)) {
            ledger.op(track, Op.SLEEP, slept, ledger.now(), Sleep.UNKNOWN.ordinal());
            track.thread.unknownNs += slept;
            ledger.gap("asleep for an unknown reason", slept);
        }
    }

    void waking(RecordedEvent.Waking e) {
        if (e.tid() <= 0) {
            return;
        }
        threads.name(e.tid(), e.name());
        ThreadTrack sleeper = threads.track(e.tid());
        boolean isTask = e.context() == RecordedEvent.Context.TASK || e.context() == RecordedEvent.Context.UNKNOWN;
        ThreadTrack waker = e.waker() > 0 && isTask ? threads.track(e.waker()) : null;
        if (e.waker() > 0) {
            ledger.caused(threads.track(e.waker()));
        }
        if (sleeper.onCpuSince < 0) {
            ledger.onCores.wakes(sleeper, ledger.now());
        }
        if (sleeper.asleep && sleeper.offSince >= 0) {
            woken(sleeper, waker);
        } else if (sleeper.onCpuSince >= 0 && sleeper != waker) {
            sleeper.earlyWaker = waker;
            sleeper.wokenEarlyAt = sleeper.callEvents;
        } else if ((e.first() || sleeper.thread.beginsAt == ledger.now()) && sleeper.onCpuSince < 0) {
            sleeper.offSince = ledger.now();
        }
    }

    /// @param waker null for an interrupt
    private void woken(ThreadTrack sleeper, @Nullable ThreadTrack waker) {
        long slept = ledger.now() - sleeper.offSince;
        sleeper.asleep = false;
        ledger.workload.figuresOf(sleeper.thread.tgid).wakeups++;
        if (!dropLockWait(sleeper, slept, waker == null)) {
            if (waker != null && waker != sleeper) {
                wokenBy(sleeper, waker, slept);
            } else {
                timerOrAnswer(sleeper, slept);
            }
        }
        sleeper.offSince = ledger.now();
        sleeper.leftAs = LeftAs.RUNNABLE;
        sleeper.isWoken = true;
        sleeper.askedTgid = -1;
        if (waker != null) {
            waker.askedTgid = sleeper.thread.tgid;
        }
    }

    private void wokenBy(ThreadTrack sleeper, ThreadTrack waker, long slept) {
        threads.leave(waker);
        long number = lastSignal++;
        ledger.op(waker, Op.SIGNAL, number);
        boolean answers = sleeper.askedTgid == waker.thread.tgid;
        Sleep otherwise = answers ? Sleep.ANSWER : Sleep.UNTIL;
        ledger.op(sleeper, Op.AWAIT, number, slept, ledger.now(), waker.thread.index, otherwise.ordinal());
        ledger.gap("asleep until another thread woke it", slept);
    }

    private void timerOrAnswer(ThreadTrack track, long slept) {
        Sleep kind = Sleep.TIMER;
        if (track.leftAs == LeftAs.UNINTERRUPTIBLE) {
            kind = Sleep.ANSWER;
        } else if ("clock_nanosleep".equals(track.call) && track.arguments != null) {
            kind = track.arguments.length > 1 && (track.arguments[1] & TIMER_ABSTIME) != 0 ? Sleep.UNTIL : Sleep.FOR;
        } else if ("nanosleep".equals(track.call)) {
            kind = Sleep.FOR;
        } else {
            track.lengths.add(slept);
            if (track.lastTimerEnd >= 0) {
                track.intervals.add(ledger.now() - track.lastTimerEnd);
            }
            track.lastTimerEnd = ledger.now();
        }
        ledger.op(track, Op.SLEEP, slept, ledger.now(), kind.ordinal());
        ledger.gap(kind == Sleep.ANSWER ? "asleep in D state for storage and the like" : "asleep until a timer or an interrupt", slept);
    }

    /// A sleep that is a wait for a lock of the address space is dropped: a replay takes the lock again.
    private boolean dropLockWait(ThreadTrack track, long slept, boolean byInterrupt) {
        boolean uninterruptible = track.leftAs == LeftAs.UNINTERRUPTIBLE;
        if (uninterruptible) {
            ledger.workload.figuresOf(track.thread.tgid).uninterruptible
                    .merge(track.thread.name + " in " + track.where(), slept, Long::sum);
        }
        boolean byCaller = track.blockedIn != null && !track.blockedForIo && MM_SLEEPERS.stream().anyMatch(track.blockedIn::contains);
        boolean slow = uninterruptible && !byInterrupt;
        boolean inCall = track.isMmCall && (track.contends || slow);
        boolean lock = track.asksMmapLock >= 0 || inCall || (track.faulting && slow) || (uninterruptible && byCaller);
        if (lock) {
            ledger.gap("asleep waiting for an mm lock", slept);
            ledger.workload.figuresOf(track.thread.tgid).lockSleepNs += slept;
            if (byCaller && track.blockedIn != null && !ledger.workload.hasCalls) {
                modelled.blockedIn(track, track.blockedIn);
            }
        }
        track.blockedIn = null;
        track.blockedForIo = false;
        return lock;
    }

    void blocked(RecordedEvent.Blocked e) {
        if (e.tid() > 0) {
            ThreadTrack track = threads.track(e.tid());
            track.blockedIn = e.caller().isEmpty() ? null : e.caller();
            track.blockedForIo = e.io();
        }
    }
}
