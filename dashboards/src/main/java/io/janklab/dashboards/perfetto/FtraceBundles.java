package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.Bundle;
import io.janklab.dashboards.perfetto.Fields.Ftrace;
import io.janklab.dashboards.perfetto.Fields.Packet;
import java.util.ArrayList;
import java.util.List;

/// ftrace events, gathered into bundles by CPU as the kernel's ring buffers do.
final class FtraceBundles {
    private static final int BUNDLE_BYTES = 16_384;

    private final PacketWriter packets;
    private final List<Buffer> byCpu = new ArrayList<>();

    /// The events of one CPU since its last bundle.
    private static final class Buffer {
        private final ProtoMessage bundle = new ProtoMessage();
        private long last;
    }

    FtraceBundles(PacketWriter packets) {
        this.packets = packets;
    }

    /// Events of a CPU must come in the order in which they happen; one that is dated before the last is written as simultaneous.
    ///
    /// @param pid the task that was running when the event was recorded; 0 for idle
    /// @param kind which event it is, one of [Ftrace]
    void add(int cpu, long now, int pid, int kind, ProtoMessage event) {
        while (byCpu.size() <= cpu) {
            byCpu.add(new Buffer());
        }
        Buffer buffer = byCpu.get(cpu);
        buffer.last = Math.max(buffer.last, now);
        buffer.bundle.message(
                Bundle.EVENT, new ProtoMessage().number(Ftrace.TIMESTAMP, buffer.last).number(Ftrace.PID, pid).message(kind, event));
        if (buffer.bundle.size() >= BUNDLE_BYTES) {
            write(buffer.bundle, cpu);
        }
    }

    private void write(ProtoMessage bundle, int cpu) {
        packets.write(new ProtoMessage()
                .message(Packet.FTRACE_EVENTS, bundle.number(Bundle.CPU, cpu))
                .number(Packet.SEQUENCE_FLAGS, Packet.NEEDS_INCREMENTAL_STATE));
        bundle.clear();
    }

    void flush() {
        for (int cpu = 0; cpu < byCpu.size(); cpu++) {
            if (byCpu.get(cpu).bundle.size() > 0) {
                write(byCpu.get(cpu).bundle, cpu);
            }
        }
    }
}
