package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// A Perfetto trace (`perfetto/trace/trace_packet.proto`): packets of which these are read, by their field numbers.
///
/// | packet | field | what it gives |
/// |---|---|---|
/// | `ftrace_events` | 1 | [FtraceBundle] |
/// | `process_tree` | 2 | names of processes and threads |
/// | `clock_snapshot`, `timestamp_clock_id` | 6, 58 | [Clocks]: all times become CLOCK_BOOTTIME's |
/// | `interned_data`, `trace_packet_defaults`, `sequence_flags`, `previous_packet_dropped` | 12, 59, 13, 42 | [Sequence] |
/// | `track_event`, `track_descriptor`, `process_descriptor`, `thread_descriptor` | 11, 60, 43, 44 | [TrackEvents] |
/// | `trace_config` | 33 | warnings of what it leaves out |
/// | `system_info` | 45 | kernel and architecture |
/// | `compressed_packets`, `zstd_compressed_packets` | 50, 133 | packets, by zlib or by the tool zstd |
/// | `frame_timeline_event` | 76 | [FrameTimelineReader] |
///
/// A trace that ends in the middle of a packet is read up to there.
final class PerfettoReader implements Source {
    private static final String NESTED = "Compressed packets inside compressed packets are left aside.";
    private static final String DAMAGED = "Some compressed packets are damaged: what they hold is missing.";

    private final Clocks clocks = new Clocks();
    private final TrackEvents trackEvents = new TrackEvents(clocks);
    private final Map<Long, Sequence> sequences = new HashMap<>();
    private final FrameTimelineReader frames = new FrameTimelineReader();
    private final FtraceBundle bundles = new FtraceBundle();

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
                readPacket(packet, base + trace.position(), output, outermost);
                output.report().understand();
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                output.report().misunderstand(base + trace.position());
            }
            if (outermost && trace.position() > 1 << 30) {
                base += trace.position();
                trace.resetPosition();
            }
        }
    }

    /// A packet's parts, which may come in any order; null where it has none.
    private static final class Packet {
        long timestamp;
        boolean hasTimestamp;
        long clock;
        long sequence;
        long flags;
        boolean isCleared;
        boolean isFirst;
        boolean afterLoss;
        long machine;
        /// Where it ends in the file.
        long at;
        byte @Nullable [] bundle;
        byte @Nullable [] snapshot;
        byte @Nullable [] trackEvent;
        byte @Nullable [] interned;
        byte @Nullable [] defaults;
        byte @Nullable [] thread;
        byte @Nullable [] frame;
    }

    private void readPacket(byte[] bytes, long at, Reorder output, boolean outermost) throws IOException {
        Packet parts = new Packet();
        parts.at = at;
        Message packet = new Message(bytes);
        for (int field = packet.next(); field != 0; field = packet.next()) {
            switch (field) {
                case 1 -> parts.bundle = packet.bytes();
                case 2 -> processTree(packet.message(), output);
                case 6 -> parts.snapshot = packet.bytes();
                case 8 -> {
                    parts.timestamp = packet.number();
                    parts.hasTimestamp = true;
                }
                case 10 -> parts.sequence = packet.number();
                case 11 -> parts.trackEvent = packet.bytes();
                case 12 -> parts.interned = packet.bytes();
                case 13 -> parts.flags = packet.number();
                case 33 -> TraceConfig.judge(packet.message(), output.report());
                case 41 -> parts.isCleared = packet.number() != 0;
                case 42 -> parts.afterLoss = packet.number() != 0;
                case 43 -> TrackEvents.process(packet.message(), output);
                case 44 -> parts.thread = packet.bytes();
                case 45 -> systemInfo(packet.message(), output);
                case 50 -> unpack(packet.bytes(), PerfettoReader::inflate, output, outermost);
                case 58 -> parts.clock = packet.number();
                case 59 -> parts.defaults = packet.bytes();
                case 60 -> trackEvents.track(packet.message(), output);
                case 76 -> parts.frame = packet.bytes();
                case 87 -> parts.isFirst = packet.number() != 0;
                case 98 -> parts.machine = packet.number();
                case 133 -> unpack(packet.bytes(), zstd -> unzstd(zstd, output), output, outermost);
                default -> packet.skip();
            }
        }
        output.handOver();
        if (parts.machine != 0) {
            output.report().warn("The trace is of several machines: what others than the first did is left out.");
        } else {
            use(parts, output);
        }
    }

    private void use(Packet parts, Reorder output) throws IOException {
        Sequence known = sequences.get(parts.sequence);
        Sequence sequence = known == null ? new Sequence(parts.sequence) : known;
        sequences.put(parts.sequence, sequence);
        if (parts.afterLoss && !parts.isFirst && known != null) {
            output.accept(new RecordedEvent.Lost(-1, -1, -1));
        }
        if (!sequence.begin(parts.flags, parts.isCleared, parts.afterLoss)) {
            output.accept(new RecordedEvent.Lost(-1, -1, 1));
            return;
        }
        if (parts.defaults != null) {
            sequence.defaults(new Message(parts.defaults));
        }
        if (parts.interned != null) {
            sequence.intern(new Message(parts.interned));
        }
        if (parts.thread != null) {
            TrackEvents.ownThread(parts.thread, sequence, output);
        }
        if (parts.snapshot != null) {
            clocks.snapshot(new Message(parts.snapshot), parts.sequence);
        }
        if (parts.bundle != null) {
            takeBundle(parts.bundle, sequence.symbols, output, parts.at);
        }
        timed(parts, sequence, output);
    }

    /// A clock may count from packet to packet: every one that has a time of it counts.
    private void timed(Packet parts, Sequence sequence, Reorder output) throws IOException {
        long clock = parts.clock != 0 ? parts.clock : sequence.defaultClock != 0 ? sequence.defaultClock : Clocks.BOOTTIME;
        long ns = parts.hasTimestamp ? clocks.boottime(clock, parts.sequence, parts.timestamp) : -1;
        if (ns < 0 && parts.hasTimestamp && (parts.frame != null || parts.trackEvent != null)) {
            output.report().warn("Some packets have times of clock " + clock + ", and no snapshot of it tells how far it is from "
                    + "CLOCK_BOOTTIME: they are left aside.");
            return;
        }
        if (parts.frame != null) {
            frames.read(new Message(parts.frame), ns, output);
        }
        if (parts.trackEvent != null) {
            trackEvents.event(new Message(parts.trackEvent), ns, clock, sequence, output);
        }
    }

    /// @param at where its packet ends in the file
    private void takeBundle(byte[] bundle, Map<Long, String> symbols, Reorder output, long at) throws IOException {
        FtraceBundle.Beginning beginning = bundles.announce(new Message(bundle));
        long later = beginning.laterNs(clocks);
        output.take(due -> {
            try {
                bundles.read(new Message(bundle), symbols, later, due);
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                output.report().misunderstand(at);
            }
        }, bundle.length, Math.max(0, beginning.first() + later));
    }

    /// Packets inside a packet.
    private void unpack(byte[] compressed, Codec codec, Reorder output, boolean outermost) throws IOException {
        if (!outermost) {
            output.report().warn(NESTED);
            return;
        }
        try (InputStream in = codec.open(compressed)) {
            readPackets(Message.of(in), output, false);
        } catch (ZipException | EOFException e) {
            output.report().warn(DAMAGED);
        }
    }

    private interface Codec {
        /// @throws ZipException if it does not understand it
        InputStream open(byte[] compressed) throws IOException;
    }

    private static InputStream inflate(byte[] compressed) {
        return new InflaterInputStream(new ByteArrayInputStream(compressed));
    }

    /// By zstd itself: the JDK has no such codec. Nothing where it cannot be run.
    private static InputStream unzstd(byte[] compressed, Output output) throws ZipException {
        try {
            return new ByteArrayInputStream(Converter.unpacked("zstd", compressed));
        } catch (ZipException e) {
            throw e;
        } catch (IOException e) {
            output.report().warn("Packets compressed with zstd are not read, for zstd cannot be run here: what they hold is missing.");
            return InputStream.nullInputStream();
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
                output.accept(new RecordedEvent.ProcessName(pid, command));
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
                output.accept(new RecordedEvent.ThreadOf(tid, tgid, name));
            } else {
                tree.skip();
            }
        }
    }

    private void systemInfo(Message info, Output output) throws IOException {
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
        bundles.numbersOf(machine);
        output.accept(new RecordedEvent.Machine(release, machine, cpus, 0, ""));
    }
}
