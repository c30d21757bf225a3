package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.Clock;
import io.janklab.dashboards.perfetto.Fields.ClockSnapshot;
import io.janklab.dashboards.perfetto.Fields.Packet;
import io.janklab.dashboards.perfetto.Fields.SystemInfo;
import io.janklab.dashboards.perfetto.Fields.Utsname;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a run as it happens: attach it to the kernel's tracepoints before the run, [#finish] it after. Times are virtual, on the
/// trace's boot-time clock.
public final class PerfettoTrace implements TraceListener {
    private static final int CLOCK_BOOTTIME = 6;
    private static final int CLOCK_MONOTONIC = 3;

    private final PacketWriter packets;
    private final FtraceBundles ftrace;
    private final TraceThreads threads;
    private final Scheduling scheduling;
    private final Markers markers;
    private final Tracks tracks;
    private final LockSlices locks;
    private final MemoryCounters memory;
    private final BinderTransactions binder;
    private final List<Integer> frequenciesKhz;
    private final List<String> notes = new ArrayList<>();
    private final FrameTimeline frames;
    private final Iterator<TraceWindows.Window> windows;
    private TraceWindows.@Nullable Window window;
    private boolean open;
    /// When the window opens or closes next.
    private long nextChange;
    private long closedAt;

    /// @param out stays open
    /// @param kernelRelease as `uname -r` prints it: readers derive from it how scheduler states are numbered
    /// @param machine as `uname -m` prints it
    /// @param frequenciesKhz of each CPU, which it keeps; empty if they are not known
    /// @throws UncheckedIOException here and in every tracepoint, if `out` cannot be written
    public PerfettoTrace(OutputStream out, String kernelRelease, String machine, List<Integer> frequenciesKhz, TraceWindows coverage) {
        this.frequenciesKhz = List.copyOf(frequenciesKhz);
        packets = new PacketWriter(out);
        ftrace = new FtraceBundles(packets);
        threads = new TraceThreads(packets);
        scheduling = new Scheduling(ftrace, new BlockedCallers(packets, kernelRelease));
        markers = new Markers(ftrace);
        tracks = new Tracks(packets);
        locks = new LockSlices(tracks);
        memory = new MemoryCounters(tracks, ftrace);
        binder = new BinderTransactions(ftrace, threads);
        frames = new FrameTimeline(packets);
        windows = coverage.windows().iterator();
        writeHeader(kernelRelease, machine);
        awaitNextWindow();
    }

    private void writeHeader(String kernelRelease, String machine) {
        ProtoMessage clocks = new ProtoMessage().number(ClockSnapshot.PRIMARY_TRACE_CLOCK, CLOCK_BOOTTIME);
        for (int clock : new int[] {CLOCK_BOOTTIME, CLOCK_MONOTONIC}) {
            clocks.message(ClockSnapshot.CLOCKS, new ProtoMessage().number(Clock.CLOCK_ID, clock).number(Clock.TIMESTAMP, 0));
        }
        packets.write(new ProtoMessage()
                .message(Packet.CLOCK_SNAPSHOT, clocks)
                .number(Packet.SEQUENCE_FLAGS, Packet.INCREMENTAL_STATE_CLEARED));
        ProtoMessage utsname = new ProtoMessage()
                .text(Utsname.SYSNAME, "Linux")
                .text(Utsname.VERSION, "simulated by Janklab")
                .text(Utsname.RELEASE, kernelRelease)
                .text(Utsname.MACHINE, machine);
        packets.write(new ProtoMessage().message(Packet.SYSTEM_INFO, new ProtoMessage().message(SystemInfo.UTSNAME, utsname)));
    }

    /// Words that a reader of the whole trace should see, on a track of their own.
    public void note(String words) {
        notes.add(words);
    }

    /// Ends the trace at `now` (ns).
    public void finish(long now) {
        reach(now);
        notes.forEach(words -> tracks.writeSlice(tracks.notes(), words, 0, now, new ProtoMessage(), new ProtoMessage()));
        if (open) {
            close(now);
        }
        ftrace.flush();
    }

    private void awaitNextWindow() {
        window = windows.hasNext() ? windows.next() : null;
        nextChange = window == null ? Long.MAX_VALUE : window.from();
    }

    /// Opens and closes windows up to `now`.
    private void reach(long now) {
        while (window != null && now >= nextChange) {
            if (open) {
                close(nextChange);
                awaitNextWindow();
            } else {
                open(nextChange);
                nextChange = window.to();
            }
        }
    }

    private void open(long now) {
        open = true;
        if (now > closedAt) {
            tracks.writeSlice(tracks.gaps(), "not traced", closedAt, now, new ProtoMessage(), new ProtoMessage());
        }
        for (int cpu = 0; cpu < frequenciesKhz.size(); cpu++) {
            scheduling.writeFrequency(now, cpu, frequenciesKhz.get(cpu));
        }
        scheduling.open(now);
        threads.all().forEach(thread -> markers.open(now, thread));
        locks.open(now);
        memory.open(now);
    }

    private void close(long now) {
        locks.close(now);
        memory.close(now);
        binder.close(now);
        threads.all().forEach(thread -> markers.close(now, thread));
        scheduling.close(now);
        open = false;
        closedAt = now;
    }

    @Override
    public void taskNew(long now, TracedTask task) {
        threads.of(task);
    }

    @Override
    public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
        reach(now);
        TraceThread from = prev == null ? null : threads.of(prev);
        TraceThread to = next == null ? null : threads.of(next);
        if (open) {
            scheduling.writeSwitch(now, cpu, from, prevState, to);
        }
        scheduling.switched(cpu, to);
        if (from != null) {
            from.leaves(now, cpu, prevState);
        }
        if (to != null) {
            to.enter(TaskState.RUNNING, cpu);
        }
    }

    @Override
    public void schedWaking(long now, @Nullable TracedTask waker, TracedTask task, int targetCpu) {
        reach(now);
        TraceThread woken = threads.of(task);
        if (open) {
            scheduling.writeWaking(now, waker == null ? null : threads.of(waker), woken, targetCpu);
        }
        if (woken.state() != TaskState.RUNNING) {
            woken.isWoken(now);
            woken.enter(TaskState.RUNNABLE, targetCpu);
        }
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        reach(now);
        locks.waits(now, lock, threads.of(task), mode);
    }

    @Override
    public void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {
        reach(now);
        locks.waitsNoMore(now, lock, threads.of(task));
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        reach(now);
        locks.acquired(now, lock, threads.of(task), mode);
    }

    @Override
    public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
        reach(now);
        locks.released(now, lock, threads.of(task));
    }

    @Override
    public void lockDowngraded(long now, TracedLock lock, TracedTask task) {
        reach(now);
        TraceThread thread = threads.of(task);
        locks.released(now, lock, thread);
        locks.acquired(now, lock, thread, LockMode.READ);
    }

    /// Spinlocks report contention only; sleeping locks have already reported the wait.
    @Override
    public void contentionBegin(long now, TracedLock lock, TracedTask task, LockMode mode) {
        if (lock.lockClass().isSpinLock()) {
            lockWait(now, lock, task, mode);
        }
    }

    @Override
    public void contentionEnd(long now, TracedLock lock, TracedTask task, LockMode mode) {
        if (lock.lockClass().isSpinLock()) {
            lockAborted(now, lock, task, mode);
        }
    }

    @Override
    public void rssStat(long now, int tgid, RssMember member, long pages) {
        reach(now);
        TraceThread main = threads.main(tgid);
        if (main != null) {
            memory.setPages(now, main, member, pages);
        }
    }

    @Override
    public void pageTables(long now, int tgid, long bytes) {
        reach(now);
        TraceThread main = threads.main(tgid);
        if (main != null) {
            memory.setPageTables(now, main, bytes);
        }
    }

    @Override
    public void binderTransaction(long now, TracedTask sender, int id, int tgid, @Nullable TracedTask target) {
        reach(now);
        TraceThread thread = threads.of(sender);
        if (open && target == null) {
            binder.calls(now, thread, id, tgid);
        } else if (open) {
            binder.replies(now, thread, id);
        }
    }

    @Override
    public void binderReceived(long now, TracedTask receiver, int id) {
        reach(now);
        if (open) {
            binder.receives(now, threads.of(receiver), id);
        }
    }

    @Override
    public void sliceBegin(long now, TracedTask task, String name, long argument) {
        reach(now);
        TraceThread thread = threads.of(task);
        String marker = Markers.begin(TraceIds.pid(task), name, argument);
        thread.openSlices().push(marker);
        if (open) {
            markers.write(now, thread, marker);
        }
    }

    @Override
    public void sliceEnd(long now, TracedTask task) {
        reach(now);
        TraceThread thread = threads.of(task);
        if (thread.openSlices().poll() != null && open) {
            markers.writeEnd(now, thread);
        }
    }

    @Override
    public void counter(long now, int tgid, String name, long value) {
        reach(now);
        TraceThread main = threads.main(tgid);
        if (open && main != null) {
            markers.writeCounter(now, main, name, value);
        }
    }

    @Override
    public void frame(long now, int tgid, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {
        reach(now);
        TraceThread main = threads.main(tgid);
        if (open && main != null) {
            frames.write(now, main, threads.surfaceFlinger(), token, expectedStart, expectedEnd, actualStart, actualEnd);
        }
    }
}
