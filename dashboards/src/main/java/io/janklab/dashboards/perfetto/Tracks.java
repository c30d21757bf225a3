package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.CounterDescriptor;
import io.janklab.dashboards.perfetto.Fields.Interned;
import io.janklab.dashboards.perfetto.Fields.InternedData;
import io.janklab.dashboards.perfetto.Fields.Packet;
import io.janklab.dashboards.perfetto.Fields.ProcessDescriptor;
import io.janklab.dashboards.perfetto.Fields.ThreadDescriptor;
import io.janklab.dashboards.perfetto.Fields.TrackDescriptor;
import io.janklab.dashboards.perfetto.Fields.TrackEvent;
import io.janklab.kernel.trace.TracedTask;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Tracks of our own beside ftrace's: each is described before its first event, each name of an event once.
final class Tracks {
    private static final int ROWS = 64;
    private static final int THREAD_ROW = 1;
    private static final int WAIT_ROW = 2;
    private static final int FIRST_HOLD_ROW = 8;
    private static final long PROCESSES = 1L << 40;
    private static final long GAPS = 1L << 41;
    private static final long NOTES = GAPS + 1;

    private final PacketWriter packets;
    private final Set<Long> described = new HashSet<>();
    private final Map<String, Long> eventNames = new HashMap<>();

    Tracks(PacketWriter packets) {
        this.packets = packets;
    }

    long waits(TracedTask task) {
        return ofThread(task, WAIT_ROW, "Lock waits");
    }

    long holds(TracedTask task, int slot) {
        return ofThread(task, FIRST_HOLD_ROW + slot, "Locks held");
    }

    private long ofThread(TracedTask task, int row, String name) {
        long uuid = (long) task.tid() * ROWS + row;
        if (described.add(uuid)) {
            describe(uuid, new ProtoMessage().number(TrackDescriptor.PARENT_UUID, thread(task)).text(TrackDescriptor.NAME, name));
        }
        return uuid;
    }

    private long thread(TracedTask task) {
        long uuid = (long) task.tid() * ROWS + THREAD_ROW;
        if (described.add(uuid)) {
            ProtoMessage thread = new ProtoMessage()
                    .number(ThreadDescriptor.PID, TraceIds.pid(task))
                    .number(ThreadDescriptor.TID, TraceIds.tid(task))
                    .text(ThreadDescriptor.THREAD_NAME, TraceIds.comm(task));
            describe(uuid, new ProtoMessage().message(TrackDescriptor.THREAD, thread));
        }
        return uuid;
    }

    /// A counter in bytes of a process.
    long counter(TracedTask main, String name) {
        long process = process(main);
        long uuid = process + 1;
        if (described.add(uuid)) {
            ProtoMessage bytes = new ProtoMessage().number(CounterDescriptor.UNIT, CounterDescriptor.UNIT_SIZE_BYTES);
            describe(
                    uuid,
                    new ProtoMessage()
                            .number(TrackDescriptor.PARENT_UUID, process)
                            .text(TrackDescriptor.NAME, name)
                            .message(TrackDescriptor.COUNTER, bytes));
        }
        return uuid;
    }

    private long process(TracedTask main) {
        long uuid = PROCESSES + (long) main.tgid() * ROWS;
        if (described.add(uuid)) {
            ProtoMessage process = new ProtoMessage()
                    .number(ProcessDescriptor.PID, TraceIds.pid(main))
                    .text(ProcessDescriptor.PROCESS_NAME, main.processName());
            describe(uuid, new ProtoMessage().message(TrackDescriptor.PROCESS, process));
        }
        return uuid;
    }

    /// Marks where the trace has no data.
    long gaps() {
        if (described.add(GAPS)) {
            describe(GAPS, new ProtoMessage().text(TrackDescriptor.NAME, "Trace windows"));
        }
        return GAPS;
    }

    /// Says what holds for the whole trace.
    long notes() {
        if (described.add(NOTES)) {
            describe(NOTES, new ProtoMessage().text(TrackDescriptor.NAME, "Notes"));
        }
        return NOTES;
    }

    private void describe(long uuid, ProtoMessage track) {
        packets.write(new ProtoMessage().message(Packet.TRACK_DESCRIPTOR, track.number(TrackDescriptor.UUID, uuid)));
    }

    /// Writes a slice whole, once it has ended: readers order events by their times.
    ///
    /// @param begin the fields of its beginning beside its name, `end` likewise
    void writeSlice(long track, String name, long from, long to, ProtoMessage begin, ProtoMessage end) {
        ProtoMessage packet = new ProtoMessage()
                .number(Packet.TIMESTAMP, from)
                .number(Packet.SEQUENCE_FLAGS, Packet.NEEDS_INCREMENTAL_STATE);
        begin.number(TrackEvent.TYPE, TrackEvent.SLICE_BEGIN).number(TrackEvent.TRACK_UUID, track)
                .number(TrackEvent.NAME_IID, intern(name, packet));
        packets.write(packet.message(Packet.TRACK_EVENT, begin));
        end.number(TrackEvent.TYPE, TrackEvent.SLICE_END).number(TrackEvent.TRACK_UUID, track);
        packets.write(new ProtoMessage().number(Packet.TIMESTAMP, to).message(Packet.TRACK_EVENT, end));
    }

    private long intern(String name, ProtoMessage firstUse) {
        Long known = eventNames.get(name);
        if (known != null) {
            return known;
        }
        long iid = eventNames.size() + 1L;
        eventNames.put(name, iid);
        ProtoMessage entry = new ProtoMessage().number(Interned.IID, iid).text(Interned.NAME, name);
        firstUse.message(Packet.INTERNED_DATA, new ProtoMessage().message(InternedData.EVENT_NAMES, entry));
        return iid;
    }

    void writeCounter(long track, long now, long value) {
        ProtoMessage event = new ProtoMessage()
                .number(TrackEvent.TYPE, TrackEvent.COUNTER)
                .number(TrackEvent.TRACK_UUID, track)
                .number(TrackEvent.COUNTER_VALUE, value);
        packets.write(new ProtoMessage().number(Packet.TIMESTAMP, now).message(Packet.TRACK_EVENT, event));
    }
}
