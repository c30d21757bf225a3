package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// `TrackEvent`, as Perfetto's SDK and Chrome write them, and the descriptors of their tracks: slices of threads become slices; those of
/// other tracks have no thread and are left out. Names are interned ones or their own, times the packet's or, in old ones, differences.
final class TrackEvents {
    private static final int BEGIN = 1;
    private static final int END = 2;
    private static final long NS_PER_US = 1_000;

    private final Clocks clocks;
    private final Map<Long, Integer> threadOfTrack = new HashMap<>();

    TrackEvents(Clocks clocks) {
        this.clocks = clocks;
    }

    /// One event's fields.
    private static final class Fields {
        long type;
        String name = "";
        long track;
        int tid = -1;
        long deltaUs = -1;
        long absoluteUs = -1;
        /// Of a whole slice in one event.
        long durationUs;
    }

    /// @param ns the packet's time on CLOCK_BOOTTIME; −1 if that is unknown
    /// @param clock of the packet
    void event(Message event, long ns, long clock, Sequence sequence, Source.Output output) throws IOException {
        Fields fields = new Fields();
        fields.track = sequence.defaultTrack;
        for (int field = event.next(); field != 0; field = event.next()) {
            switch (field) {
                case 1 -> fields.deltaUs = event.number();
                case 6 -> legacy(event.message(), fields, sequence);
                case 9 -> fields.type = event.number();
                case 10 -> fields.name = sequence.eventNames.getOrDefault(event.number(), "");
                case 11 -> fields.track = event.number();
                case 16 -> fields.absoluteUs = event.number();
                case 23 -> fields.name = event.text();
                default -> event.skip();
            }
        }
        long at = fields.deltaUs >= 0 || fields.absoluteUs >= 0 ? byMicroseconds(fields, clock, sequence) : ns;
        int tid = fields.tid >= 0 ? fields.tid : threadOfTrack.getOrDefault(fields.track, sequence.tid);
        if (tid < 0 || at < 0) {
            return;
        }
        if (fields.type == BEGIN) {
            output.accept(new RecordedEvent.SliceBegin(at, tid, fields.name));
            if (fields.durationUs > 0) {
                output.accept(new RecordedEvent.SliceEnd(at + fields.durationUs * NS_PER_US, tid));
            }
        } else if (fields.type == END) {
            output.accept(new RecordedEvent.SliceEnd(at, tid));
        }
    }

    private long byMicroseconds(Fields fields, long clock, Sequence sequence) {
        long us = fields.absoluteUs;
        if (us < 0) {
            sequence.lastUs += fields.deltaUs;
            us = sequence.lastUs;
        }
        return clocks.boottime(clock, sequence.id, us * NS_PER_US);
    }

    /// `LegacyEvent`: a phase of Chrome's JSON (B, E, X), and whose it is if not the sequence's.
    private static void legacy(Message event, Fields fields, Sequence sequence) throws IOException {
        for (int field = event.next(); field != 0; field = event.next()) {
            switch (field) {
                case 1 -> fields.name = sequence.eventNames.getOrDefault(event.number(), fields.name);
                case 2 -> fields.type = switch ((int) event.number()) {
                    case 'B', 'X' -> BEGIN;
                    case 'E' -> END;
                    default -> 0;
                };
                case 3 -> fields.durationUs = event.number();
                case 19 -> fields.tid = (int) event.number();
                default -> event.skip();
            }
        }
    }

    /// `TrackDescriptor`: a track's number, and the process or thread whose it is.
    void track(Message descriptor, Source.Output output) throws IOException {
        long uuid = 0;
        int tid = -1;
        for (int field = descriptor.next(); field != 0; field = descriptor.next()) {
            switch (field) {
                case 1 -> uuid = descriptor.number();
                case 3 -> process(descriptor.message(), output);
                case 4 -> tid = thread(descriptor.message(), output);
                default -> descriptor.skip();
            }
        }
        if (tid >= 0) {
            threadOfTrack.put(uuid, tid);
        }
    }

    /// `ProcessDescriptor`: {pid 1, process_name 6}.
    static void process(Message process, Source.Output output) throws IOException {
        int pid = -1;
        String name = "";
        for (int part = process.next(); part != 0; part = process.next()) {
            switch (part) {
                case 1 -> pid = (int) process.number();
                case 6 -> name = process.text();
                default -> process.skip();
            }
        }
        if (!name.isEmpty()) {
            output.accept(new RecordedEvent.ProcessName(pid, name));
        }
    }

    private static int thread(Message thread, Source.Output output) throws IOException {
        int tgid = -1;
        int tid = -1;
        String name = null;
        for (int part = thread.next(); part != 0; part = thread.next()) {
            switch (part) {
                case 1 -> tgid = (int) thread.number();
                case 2 -> tid = (int) thread.number();
                case 5 -> name = thread.text();
                default -> thread.skip();
            }
        }
        output.accept(new RecordedEvent.ThreadOf(tid, tgid, name));
        return tid;
    }

    /// `ThreadDescriptor` of a packet of its own, as old traces have it: {…, reference_timestamp_us 6}; the sequence is that thread's.
    static void ownThread(byte[] descriptor, Sequence sequence, Source.Output output) throws IOException {
        sequence.tid = thread(new Message(descriptor), output);
        Message thread = new Message(descriptor);
        for (int part = thread.next(); part != 0; part = thread.next()) {
            if (part == 6) {
                sequence.lastUs = thread.number();
            } else {
                thread.skip();
            }
        }
    }
}
