package io.janklab.workloads.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.export.proto.BinderTransactionFtraceEvent;
import io.janklab.workloads.export.proto.FrameTimelineEvent;
import io.janklab.workloads.export.proto.FtraceEvent;
import io.janklab.workloads.export.proto.ProcessTree;
import io.janklab.workloads.export.proto.Trace;
import io.janklab.workloads.export.proto.TracePacket;
import io.janklab.workloads.export.proto.TrackDescriptor;
import io.janklab.workloads.export.proto.TrackEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A `.perfetto-trace` read back as a reader of Perfetto's would: events in order of their times, names resolved, slices paired.
final class DecodedTrace {
    record Slice(long track, String name, long from, long to, List<Long> flowsOut, List<Long> flowsIn) {
        long ns() {
            return to - from;
        }
    }

    /// What one thread's ftrace scheduling events say; times in ns.
    static final class Schedule {
        long first = -1;
        long runningNs;
        long waitingNs;
        int unwokenSleeps;
        private long since;
        private boolean running;
        private boolean asleep;

        private void change(long now, boolean nowRunning) {
            if (first < 0) {
                first = now;
            } else if (running) {
                runningNs += now - since;
            } else {
                waitingNs += now - since;
            }
            since = now;
            running = nowRunning;
        }
    }

    private final List<TracePacket> packets;
    final Map<Integer, ProcessTree.Thread> threads = new TreeMap<>();
    final Map<Integer, ProcessTree.Process> processes = new TreeMap<>();
    final List<FrameTimelineEvent.ActualDisplayFrameStart> displayFrames = new ArrayList<>();
    final Map<Long, TrackDescriptor> tracks = new HashMap<>();
    final List<Slice> slices = new ArrayList<>();
    final Map<Integer, List<Slice>> markers = new TreeMap<>();
    final Map<Integer, Schedule> schedules = new TreeMap<>();
    final List<FrameTimelineEvent.ActualSurfaceFrameStart> frames = new ArrayList<>();
    final List<Long> overrunsNs = new ArrayList<>();
    final Map<Long, List<Long>> counters = new HashMap<>();
    final Set<String> markerCounters = new TreeSet<>();
    /// As Perfetto's `rss_stat_tracker.cc` makes them of `rss_stat`: bytes by pid and name.
    final Map<Integer, Map<String, List<Long>>> rss = new TreeMap<>();
    /// Frequencies (kHz) by CPU.
    final Map<Integer, Set<Integer>> frequencies = new TreeMap<>();
    /// As Perfetto's `binder_tracker.cc` makes them of Binder's events, by tid.
    final Map<Integer, List<Slice>> binder = new TreeMap<>();
    private final Map<Integer, BinderTransactionFtraceEvent> onTheirWay = new HashMap<>();

    private DecodedTrace(Trace trace) {
        packets = trace.getPacketList();
        readDescriptions();
        readTrackEvents();
        readFtrace();
        readFrames();
    }

    static DecodedTrace of(Path file) throws IOException {
        return new DecodedTrace(Trace.parseFrom(Files.readAllBytes(file)));
    }

    String release() {
        return packets.stream().filter(TracePacket::hasSystemInfo).findFirst().orElseThrow().getSystemInfo().getUtsname().getRelease();
    }

    /// The kernel's functions that are named.
    Set<String> kernelSymbols() {
        Set<String> symbols = new TreeSet<>();
        packets.forEach(packet -> packet.getInternedData().getKernelSymbolsList()
                .forEach(symbol -> symbols.add(symbol.getStr().toStringUtf8())));
        return symbols;
    }

    private void readDescriptions() {
        for (TracePacket packet : packets) {
            packet.getProcessTree().getProcessesList().forEach(process -> processes.put(process.getPid(), process));
            packet.getProcessTree().getThreadsList().forEach(thread -> threads.put(thread.getTid(), thread));
            if (packet.hasTrackDescriptor()) {
                tracks.put(packet.getTrackDescriptor().getUuid(), packet.getTrackDescriptor());
            }
        }
    }

    /// The thread that a track belongs to.
    int tidOf(long track) {
        return tracks.get(tracks.get(track).getParentUuid()).getThread().getTid();
    }

    private void readTrackEvents() {
        Map<Long, String> names = new HashMap<>();
        packets.forEach(packet -> packet.getInternedData().getEventNamesList().forEach(name -> names.put(name.getIid(), name.getName())));
        Map<Long, Deque<TracePacket>> open = new HashMap<>();
        for (TracePacket packet : inOrder(packets.stream().filter(TracePacket::hasTrackEvent).toList())) {
            TrackEvent event = packet.getTrackEvent();
            assertThat(tracks).containsKey(event.getTrackUuid());
            switch (event.getType()) {
                case TYPE_SLICE_BEGIN -> open.computeIfAbsent(event.getTrackUuid(), none -> new ArrayDeque<>()).push(packet);
                case TYPE_SLICE_END -> {
                    TracePacket begin = open.get(event.getTrackUuid()).pop();
                    TrackEvent first = begin.getTrackEvent();
                    String name = names.get(first.getNameIid());
                    assertThat(name).isNotNull();
                    slices.add(new Slice(
                            event.getTrackUuid(),
                            name,
                            begin.getTimestamp(),
                            packet.getTimestamp(),
                            first.getFlowIdsList(),
                            event.getTerminatingFlowIdsList()));
                }
                case TYPE_COUNTER -> counters.computeIfAbsent(event.getTrackUuid(), none -> new ArrayList<>()).add(event.getCounterValue());
                default -> throw new AssertionError("no event of ours is a " + event.getType());
            }
        }
        assertThat(open.values()).allMatch(Deque::isEmpty);
    }

    private static List<TracePacket> inOrder(List<TracePacket> unordered) {
        return unordered.stream().sorted(Comparator.comparingLong(TracePacket::getTimestamp)).toList();
    }

    private void readFtrace() {
        List<FtraceEvent> events = new ArrayList<>();
        for (TracePacket packet : packets) {
            assertThat(packet.getFtraceEvents().getEventList()).isSortedAccordingTo(Comparator.comparingLong(FtraceEvent::getTimestamp));
            events.addAll(packet.getFtraceEvents().getEventList());
        }
        events.sort(Comparator.comparingLong(FtraceEvent::getTimestamp));
        Map<Integer, Deque<String[]>> open = new HashMap<>();
        events.forEach(event -> readFtraceEvent(event, open));
        assertThat(open.values()).allMatch(Deque::isEmpty);
    }

    private void readFtraceEvent(FtraceEvent event, Map<Integer, Deque<String[]>> open) {
        long now = event.getTimestamp();
        if (event.hasSchedSwitch()) {
            int prev = event.getSchedSwitch().getPrevPid();
            int next = event.getSchedSwitch().getNextPid();
            if (prev != 0) {
                schedule(prev).change(now, false);
                schedule(prev).asleep = event.getSchedSwitch().getPrevState() == 1 || event.getSchedSwitch().getPrevState() == 2;
            }
            if (next != 0) {
                schedule(next).unwokenSleeps += schedule(next).asleep ? 1 : 0;
                schedule(next).change(now, true);
            }
        } else if (event.hasSchedWaking()) {
            schedule(event.getSchedWaking().getPid()).asleep = false;
        } else if (event.hasRssStat()) {
            readRss(event);
        } else if (event.hasCpuFrequency()) {
            frequencies.computeIfAbsent(event.getCpuFrequency().getCpuId(), none -> new TreeSet<>())
                    .add(event.getCpuFrequency().getState());
        } else if (event.hasBinderTransaction()) {
            readTransaction(event, open);
        } else if (event.hasBinderTransactionReceived()) {
            readReceived(event, open);
        } else if (event.hasPrint()) {
            readMarker(event, open.computeIfAbsent(event.getPid(), none -> new ArrayDeque<>()));
        }
    }

    private Schedule schedule(int tid) {
        return schedules.computeIfAbsent(tid, none -> new Schedule());
    }

    private void readMarker(FtraceEvent event, Deque<String[]> open) {
        String[] marker = event.getPrint().getBuf().strip().split("\\|");
        if (marker[0].equals("B")) {
            open.push(new String[] {marker[2], Long.toString(event.getTimestamp())});
        } else if (marker[0].equals("C")) {
            markerCounters.add(marker[2]);
        } else if (marker[0].equals("E")) {
            String[] begin = open.pop();
            markers.computeIfAbsent(event.getPid(), none -> new ArrayList<>())
                    .add(new Slice(0, begin[0], Long.parseLong(begin[1]), event.getTimestamp(), List.of(), List.of()));
        }
    }

    /// The importer finds the process by the event's pid where `curr` says so, and ignores negative sizes and unknown members.
    private void readRss(FtraceEvent event) {
        assertThat(event.getRssStat().hasMmId() && event.getRssStat().getCurr() == 1).isTrue();
        assertThat(event.getRssStat().getSize()).isNotNegative();
        String name = List.of("mem.rss.file", "mem.rss.anon", "mem.swap", "mem.rss.shmem").get(event.getRssStat().getMember());
        rss.computeIfAbsent(event.getPid(), none -> new TreeMap<>()).computeIfAbsent(name, none -> new ArrayList<>())
                .add(event.getRssStat().getSize());
    }

    /// A call begins two slices of its sender ("binder transaction" and the AIDL name's); a reply ends the innermost of its sender, which
    /// must be the answer.
    private void readTransaction(FtraceEvent event, Map<Integer, Deque<String[]>> open) {
        BinderTransactionFtraceEvent transaction = event.getBinderTransaction();
        onTheirWay.put(transaction.getDebugId(), transaction);
        String now = Long.toString(event.getTimestamp());
        if (transaction.getReply() == 0) {
            Deque<String[]> slices = open.computeIfAbsent(event.getPid(), none -> new ArrayDeque<>());
            slices.push(new String[] {"binder transaction", now});
            slices.push(new String[] {"Unknown AIDL", now});
        } else {
            endBinder(event, open, "binder reply");
        }
    }

    private void readReceived(FtraceEvent event, Map<Integer, Deque<String[]>> open) {
        BinderTransactionFtraceEvent transaction = onTheirWay.remove(event.getBinderTransactionReceived().getDebugId());
        assertThat(transaction).as("received before it was sent").isNotNull();
        if (transaction.getReply() == 0) {
            open.computeIfAbsent(event.getPid(), none -> new ArrayDeque<>())
                    .push(new String[] {"binder reply", Long.toString(event.getTimestamp())});
        } else {
            assertThat(transaction.getToThread()).isEqualTo(event.getPid());
            endBinder(event, open, "Unknown AIDL");
            endBinder(event, open, "binder transaction");
        }
    }

    private void endBinder(FtraceEvent event, Map<Integer, Deque<String[]>> open, String name) {
        String[] begin = open.get(event.getPid()).pop();
        assertThat(begin[0]).isEqualTo(name);
        binder.computeIfAbsent(event.getPid(), none -> new ArrayList<>())
                .add(new Slice(0, name, Long.parseLong(begin[1]), event.getTimestamp(), List.of(), List.of()));
    }

    private void readFrames() {
        Map<Long, Long> ends = new HashMap<>();
        Map<Long, Long> expectedEnds = new HashMap<>();
        List<FrameTimelineEvent> events = packets.stream().filter(TracePacket::hasFrameTimelineEvent)
                .map(TracePacket::getFrameTimelineEvent).toList();
        for (TracePacket packet : packets) {
            if (packet.getFrameTimelineEvent().hasFrameEnd()) {
                ends.put(packet.getFrameTimelineEvent().getFrameEnd().getCookie(), packet.getTimestamp());
            }
        }
        for (FrameTimelineEvent event : events) {
            if (event.hasExpectedSurfaceFrameStart()) {
                expectedEnds.put(event.getExpectedSurfaceFrameStart().getToken(),
                        ends.get(event.getExpectedSurfaceFrameStart().getCookie()));
            } else if (event.hasActualDisplayFrameStart()) {
                displayFrames.add(event.getActualDisplayFrameStart());
            } else if (event.hasActualSurfaceFrameStart()) {
                frames.add(event.getActualSurfaceFrameStart());
                overrunsNs.add(ends.get(frames.getLast().getCookie()) - expectedEnds.get(frames.getLast().getToken()));
            }
        }
    }
}
