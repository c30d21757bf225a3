package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/// A Perfetto trace (`perfetto/trace/trace_packet.proto`): packets of which these are read, by their field numbers.
///
/// | packet | field | what it gives |
/// |---|---|---|
/// | `ftrace_events` | 1 | [FtraceBundle] |
/// | `process_tree` | 2 | names of processes and threads |
/// | `clock_snapshot` | 6 | CLOCK_MONOTONIC's distance from CLOCK_BOOTTIME, in which everything else is |
/// | `track_event`, `track_descriptor`, `interned_data` | 11, 60, 12 | slices of threads; names; symbols of the kernel |
/// | `trace_config` | 33 | warnings of what it leaves out |
/// | `system_info` | 45 | kernel and architecture |
/// | `compressed_packets` | 50 | packets, by zlib |
/// | `frame_timeline_event` | 76 | [FrameTimeline] |
///
/// A trace that ends in the middle of a packet is read up to there.
final class PerfettoTrace implements Source {
    private static final int BOOTTIME = 6;
    private static final int MONOTONIC = 3;

    /// The interned strings of one writer of packets, and its defaults.
    static final class Sequence {
        final Map<Long, String> symbols = new HashMap<>();
        final Map<Long, String> eventNames = new HashMap<>();
        long defaultTrack;
        long defaultClock;
    }

    private final Map<Long, Sequence> sequences = new HashMap<>();
    private final Map<Long, Integer> threadOfTrack = new HashMap<>();
    private final FrameTimeline frames = new FrameTimeline();
    private final FtraceBundle bundles = new FtraceBundle();
    private long bootMinusMonotonic;

    @Override
    public void read(InputStream in, Output output) throws IOException {
        Reorder reorder = new Reorder(output);
        try {
            readPackets(Message.of(in), reorder, true);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            output.report().warn("The trace breaks off, or is damaged, in the middle of a packet: what follows is missing.");
        }
        reorder.flush();
    }

    private void readPackets(Message trace, Reorder output, boolean outermost) throws IOException {
        long base = 0;
        for (int field = trace.next(); field != 0; field = trace.next()) {
            if (field != 1 || !trace.isBytes()) {
                trace.skip();
                continue;
            }
            byte[] packet = trace.bytes();
            try {
                readPacket(packet, output, outermost);
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                output.report().misunderstand(base + trace.position());
            }
            if (outermost && trace.position() > 1 << 30) {
                base += trace.position();
                trace.resetPosition();
            }
        }
    }

    private void readPacket(byte[] bytes, Reorder output, boolean outermost) throws IOException {
        long timestamp = 0;
        long clock = 0;
        long sequenceId = 0;
        byte[] trackEvent = null;
        byte[] frame = null;
        byte[] bundle = null;
        byte[] interned = null;
        byte[] defaults = null;
        Message packet = new Message(bytes);
        for (int field = packet.next(); field != 0; field = packet.next()) {
            switch (field) {
                case 1 -> bundle = packet.bytes();
                case 2 -> processTree(packet.message(), output);
                case 6 -> clockSnapshot(packet.message());
                case 8 -> timestamp = packet.number();
                case 10 -> sequenceId = packet.number();
                case 11 -> trackEvent = packet.bytes();
                case 12 -> interned = packet.bytes();
                case 33 -> TraceConfig.judge(packet.message(), output.report());
                case 45 -> systemInfo(packet.message(), output);
                case 50 -> inflate(packet.bytes(), output, outermost);
                case 58 -> clock = packet.number();
                case 59 -> defaults = packet.bytes();
                case 60 -> trackDescriptor(packet.message(), output);
                case 76 -> frame = packet.bytes();
                case 133 -> {
                    packet.skip();
                    output.report().warn("Packets compressed with zstd are not read: what they hold is missing.");
                }
                default -> packet.skip();
            }
        }
        output.handOver();
        Sequence sequence = sequences.computeIfAbsent(sequenceId, id -> new Sequence());
        if (defaults != null) {
            readDefaults(new Message(defaults), sequence);
        }
        if (interned != null) {
            intern(new Message(interned), sequence);
        }
        long usedClock = clock != 0 ? clock : sequence.defaultClock != 0 ? sequence.defaultClock : BOOTTIME;
        if (bundle != null) {
            takeBundle(bundle, sequence.symbols, output);
        }
        if (frame != null) {
            frames.read(new Message(frame), boottime(timestamp, usedClock, output), output);
        }
        if (trackEvent != null) {
            trackEvent(new Message(trackEvent), timestamp, usedClock, sequence, output);
        }
    }

    private void takeBundle(byte[] bundle, Map<Long, String> symbols, Reorder output) throws IOException {
        long first = bundles.announce(new Message(bundle));
        output.take(later -> {
            try {
                bundles.read(new Message(bundle), symbols, later);
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                output.report().warn("A bundle of events is damaged: what follows in it is missing.");
            }
        }, bundle.length, Math.max(0, first));
    }

    private long boottime(long timestamp, long clock, Output output) {
        if (clock == MONOTONIC) {
            return timestamp + bootMinusMonotonic;
        }
        if (clock != BOOTTIME) {
            output.report().warn("Some packets have times of clock " + clock + ", which is not known here: they are left aside.");
            return -1;
        }
        return timestamp;
    }

    private void inflate(byte[] compressed, Reorder output, boolean outermost) throws IOException {
        if (!outermost) {
            output.report().warn("Compressed packets inside compressed packets are left aside.");
            return;
        }
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
            readPackets(Message.of(in), output, false);
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            output.report().warn("Some compressed packets are damaged: what they hold is missing.");
        }
    }

    private void clockSnapshot(Message snapshot) throws IOException {
        long boot = 0;
        long monotonic = 0;
        for (int field = snapshot.next(); field != 0; field = snapshot.next()) {
            if (field == 1) {
                Message clock = snapshot.message();
                long id = 0;
                long time = 0;
                for (int part = clock.next(); part != 0; part = clock.next()) {
                    long value = clock.number();
                    id = part == 1 ? value : id;
                    time = part == 2 ? value : time;
                }
                boot = id == BOOTTIME ? time : boot;
                monotonic = id == MONOTONIC ? time : monotonic;
            } else {
                snapshot.skip();
            }
        }
        if (boot != 0 && monotonic != 0) {
            bootMinusMonotonic = boot - monotonic;
        }
    }

    private static void processTree(Message tree, Output output) throws IOException {
        for (int field = tree.next(); field != 0; field = tree.next()) {
            if (field == 1) {
                int pid = -1;
                String command = "";
                Message process = tree.message();
                for (int part = process.next(); part != 0; part = process.next()) {
                    switch (part) {
                        case 1 -> pid = (int) process.number();
                        case 3 -> {
                            String word = process.text();
                            command = command.isEmpty() ? word : command;
                        }
                        default -> process.skip();
                    }
                }
                output.accept(new Event.ProcessName(pid, command));
            } else if (field == 2) {
                int tid = -1;
                int tgid = -1;
                String name = null;
                Message thread = tree.message();
                for (int part = thread.next(); part != 0; part = thread.next()) {
                    switch (part) {
                        case 1 -> tid = (int) thread.number();
                        case 2 -> name = thread.text();
                        case 3 -> tgid = (int) thread.number();
                        default -> thread.skip();
                    }
                }
                output.accept(new Event.ThreadOf(tid, tgid, name));
            } else {
                tree.skip();
            }
        }
    }

    private static void systemInfo(Message info, Output output) throws IOException {
        String release = "";
        String machine = "";
        int cpus = 0;
        for (int field = info.next(); field != 0; field = info.next()) {
            switch (field) {
                case 1 -> {
                    Message utsname = info.message();
                    for (int part = utsname.next(); part != 0; part = utsname.next()) {
                        switch (part) {
                            case 3 -> release = utsname.text();
                            case 4 -> machine = utsname.text();
                            default -> utsname.skip();
                        }
                    }
                }
                case 8 -> cpus = (int) info.number();
                default -> info.skip();
            }
        }
        output.accept(new Event.Machine(release, machine, cpus, 0, ""));
    }

    private static void readDefaults(Message defaults, Sequence sequence) throws IOException {
        for (int field = defaults.next(); field != 0; field = defaults.next()) {
            if (field == 11) {
                Message event = defaults.message();
                for (int part = event.next(); part != 0; part = event.next()) {
                    if (part == 11) {
                        sequence.defaultTrack = event.number();
                    } else {
                        event.skip();
                    }
                }
            } else if (field == 58) {
                sequence.defaultClock = defaults.number();
            } else {
                defaults.skip();
            }
        }
    }

    private static void intern(Message data, Sequence sequence) throws IOException {
        for (int field = data.next(); field != 0; field = data.next()) {
            if (field == 2 || field == 26) {
                long iid = 0;
                String text = "";
                Message entry = data.message();
                for (int part = entry.next(); part != 0; part = entry.next()) {
                    switch (part) {
                        case 1 -> iid = entry.number();
                        case 2 -> text = entry.text();
                        default -> entry.skip();
                    }
                }
                (field == 2 ? sequence.eventNames : sequence.symbols).put(iid, text);
            } else {
                data.skip();
            }
        }
    }

    private void trackDescriptor(Message descriptor, Output output) throws IOException {
        long uuid = 0;
        int tid = -1;
        for (int field = descriptor.next(); field != 0; field = descriptor.next()) {
            switch (field) {
                case 1 -> uuid = descriptor.number();
                case 3 -> {
                    int pid = -1;
                    String name = "";
                    Message process = descriptor.message();
                    for (int part = process.next(); part != 0; part = process.next()) {
                        switch (part) {
                            case 1 -> pid = (int) process.number();
                            case 6 -> name = process.text();
                            default -> process.skip();
                        }
                    }
                    if (!name.isEmpty()) {
                        output.accept(new Event.ProcessName(pid, name));
                    }
                }
                case 4 -> {
                    int tgid = -1;
                    String name = null;
                    Message thread = descriptor.message();
                    for (int part = thread.next(); part != 0; part = thread.next()) {
                        switch (part) {
                            case 1 -> tgid = (int) thread.number();
                            case 2 -> tid = (int) thread.number();
                            case 5 -> name = thread.text();
                            default -> thread.skip();
                        }
                    }
                    output.accept(new Event.ThreadOf(tid, tgid, name));
                }
                default -> descriptor.skip();
            }
        }
        if (tid >= 0) {
            threadOfTrack.put(uuid, tid);
        }
    }

    /// Only slices on threads' own tracks: others have no known thread.
    private void trackEvent(Message event, long timestamp, long clock, Sequence sequence, Output output) throws IOException {
        long track = sequence.defaultTrack;
        long type = 0;
        String name = "";
        for (int field = event.next(); field != 0; field = event.next()) {
            switch (field) {
                case 9 -> type = event.number();
                case 10 -> name = sequence.eventNames.getOrDefault(event.number(), "");
                case 11 -> track = event.number();
                case 23 -> name = event.text();
                default -> event.skip();
            }
        }
        Integer tid = threadOfTrack.get(track);
        long ns = tid == null || (type != 1 && type != 2) ? -1 : boottime(timestamp, clock, output);
        if (ns >= 0) {
            output.accept(type == 1 ? new Event.SliceBegin(ns, tid, name) : new Event.SliceEnd(ns, tid));
        }
    }
}
