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

/// Every task seen so far; each is told to the trace's process tree when first seen, kernel threads as children of kthreadd.
final class TraceThreads {
    private static final int INIT = 1;
    private static final int KTHREADD = 2;

    private final PacketWriter packets;
    private final List<TraceThread> byTid = new ArrayList<>();
    private final Set<Integer> processes = new HashSet<>();

    TraceThreads(PacketWriter packets) {
        this.packets = packets;
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
        describe(task);
        return thread;
    }

    /// The main thread of a process, or null if it has not been seen.
    TraceThread main(int tgid) {
        return tgid < byTid.size() ? byTid.get(tgid) : null;
    }

    List<TraceThread> all() {
        return byTid.stream().filter(thread -> thread != null).toList();
    }

    private void describe(TracedTask task) {
        boolean kernelThread = task.tgid() == 0;
        int pid = kernelThread ? task.tid() : task.tgid();
        ProtoMessage tree = new ProtoMessage();
        if (processes.add(pid)) {
            String cmdline = kernelThread ? task.name() : task.processName();
            tree.message(
                    ProcessTree.PROCESSES,
                    new ProtoMessage().number(Process.PID, pid).number(Process.PPID, kernelThread ? KTHREADD : INIT).text(Process.CMDLINE, cmdline));
        }
        tree.message(
                ProcessTree.THREADS,
                new ProtoMessage().number(Thread.TID, task.tid()).text(Thread.NAME, task.name()).number(Thread.TGID, pid));
        packets.write(new ProtoMessage().message(Packet.PROCESS_TREE, tree));
    }
}
