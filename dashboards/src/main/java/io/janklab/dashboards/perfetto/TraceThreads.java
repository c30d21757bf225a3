package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.Packet;
import io.janklab.dashboards.perfetto.Fields.Process;
import io.janklab.dashboards.perfetto.Fields.ProcessTree;
import io.janklab.dashboards.perfetto.Fields.Thread;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every task seen so far; each is entered in the trace's process tree when first seen, kernel threads as children of kthreadd.
final class TraceThreads {
    private static final String SURFACE_FLINGER = "surfaceflinger";

    private final PacketWriter packets;
    private final List<TraceThread> byTid = new ArrayList<>();
    private final Set<Integer> processes = new HashSet<>();
    private @Nullable TraceThread surfaceFlinger;

    TraceThreads(PacketWriter packets) {
        this.packets = packets;
        ProtoMessage tree = new ProtoMessage();
        tree.message(ProcessTree.PROCESSES, process(TraceIds.INIT, 0, "init"));
        tree.message(ProcessTree.PROCESSES, process(TraceIds.KTHREADD, 0, "kthreadd"));
        packets.write(new ProtoMessage().message(Packet.PROCESS_TREE, tree));
    }

    private static ProtoMessage process(int pid, int parent, String cmdline) {
        return new ProtoMessage().number(Process.PID, pid).number(Process.PPID, parent).text(Process.CMDLINE, cmdline);
    }

    TraceThread of(TracedTask task) {
        while (byTid.size() <= task.tid()) {
            byTid.add(null);
        }
        TraceThread known = byTid.get(task.tid());
        return known != null ? known : meet(task);
    }

    private TraceThread meet(TracedTask task) {
        TraceThread thread = new TraceThread(task);
        byTid.set(task.tid(), thread);
        if (task.tid() == task.tgid() && task.processName().equals(SURFACE_FLINGER)) {
            surfaceFlinger = thread;
        }
        describe(task);
        return thread;
    }

    /// The main thread of a process, or null if it has not been seen.
    @Nullable TraceThread main(int tgid) {
        return tgid < byTid.size() ? byTid.get(tgid) : null;
    }

    /// Its main thread, or null if it has not been seen.
    @Nullable TraceThread surfaceFlinger() {
        return surfaceFlinger;
    }

    List<TraceThread> all() {
        return byTid.stream().filter(thread -> thread != null).toList();
    }

    private void describe(TracedTask task) {
        boolean kernelThread = task.tgid() == 0;
        int pid = TraceIds.pid(task);
        ProtoMessage tree = new ProtoMessage();
        if (processes.add(pid)) {
            String cmdline = kernelThread ? task.name() : task.processName();
            tree.message(ProcessTree.PROCESSES, process(pid, kernelThread ? TraceIds.KTHREADD : TraceIds.INIT, cmdline));
        }
        tree.message(
                ProcessTree.THREADS,
                new ProtoMessage().number(Thread.TID, TraceIds.tid(task)).text(Thread.NAME, TraceIds.comm(task)).number(Thread.TGID, pid));
        packets.write(new ProtoMessage().message(Packet.PROCESS_TREE, tree));
    }
}
