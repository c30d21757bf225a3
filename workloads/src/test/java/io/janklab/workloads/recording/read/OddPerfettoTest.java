package io.janklab.workloads.recording.read;

import static io.janklab.workloads.recording.read.Packets.clock;
import static io.janklab.workloads.recording.read.Packets.message;
import static io.janklab.workloads.recording.read.Packets.packet;
import static io.janklab.workloads.recording.read.Packets.slice;
import static io.janklab.workloads.recording.read.Packets.snapshot;
import static io.janklab.workloads.recording.read.Packets.threadTrack;
import static io.janklab.workloads.recording.read.Packets.trace;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.read.Packets.Fields;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Traces whose packets rely on other packets: clocks, names, defaults; and those of which some are missing.
@Execution(ExecutionMode.CONCURRENT)
final class OddPerfettoTest extends ReadEvents {
    private static final int MONOTONIC = 3;
    private static final int BOOTTIME = 6;
    private static final int OF_SEQUENCE = 64;
    private static final int OF_TRACE = 128;

    /// One that has each kind of reliance, for mutations.
    static byte[] seed() {
        Fields compact = message().packed(1, 500, 10).packed(2, 1, 1).packed(3, 7, 8).packed(4, 120, 120).with(5, "seven").packed(6, 0, 0);
        return trace(
                threadTrack(5, 70),
                packet(1).with(6, snapshot(clock(BOOTTIME, 1_000), clock(MONOTONIC, 400), clock(OF_TRACE, 7).with(4, 10))),
                packet(2).with(13, 1).with(59, message().with(58, OF_SEQUENCE).with(11, message().with(11, 5)))
                        .with(12, message().with(2, message().with(1, 1).with(2, "name")))
                        .with(6, snapshot(clock(MONOTONIC, 1_000_000), clock(OF_SEQUENCE, 100).with(3, 1).with(4, 1_000))),
                packet(2).with(13, 2).with(8, 2).with(11, message().with(9, 1).with(10, 1)),
                packet(3).with(44, message().with(1, 7).with(2, 70).with(6, 1_000)).with(42, 1),
                packet(3).with(11, message().with(1, 5).with(6, message().with(2, 'X').with(3, 4))),
                packet(1).withGroup(1, message().with(1, 0).with(5, 2).with(6, 400).with(7, 9_400).with(4, compact)),
                packet(1).with(8, 100).with(76, message().with(3, message().with(1, 2).with(2, 90).with(4, 7))),
                packet(1).with(8, 120).with(76, message().with(5, message().with(1, 2))));
    }

    private ReadReport read(Fields... packets) {
        return read(trace(packets));
    }

    private List<Long> slices() {
        return events.stream().filter(RecordedEvent.SliceBegin.class::isInstance).map(RecordedEvent::ns).toList();
    }

    private <E extends RecordedEvent> E only(Class<E> kind) {
        List<E> all = all(kind);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static Fields begin(long sequence, long at) {
        return packet(sequence).with(8, at).with(11, slice(1, 5, "s"));
    }

    @Test
    void timesOnMonotonicBecomeTimesOnBoottimeByTheSnapshotBefore() {
        read(
                threadTrack(5, 70),
                packet(1).with(6, snapshot(clock(BOOTTIME, 1_000), clock(MONOTONIC, 400))),
                begin(2, 500).with(58, MONOTONIC),
                packet(1).with(6, snapshot(clock(BOOTTIME, 3_000), clock(MONOTONIC, 900))),
                begin(2, 950).with(58, MONOTONIC),
                begin(2, 899).with(58, MONOTONIC));

        assertThat(slices()).containsExactly(1_100L, 1_499L, 3_050L);
    }

    @Test
    void clockOfTheTraceIsReachedThroughAnother() {
        read(
                threadTrack(5, 70),
                packet(1).with(6, snapshot(clock(BOOTTIME, 1_000), clock(MONOTONIC, 400))),
                packet(2).with(6, snapshot(clock(MONOTONIC, 500), clock(OF_TRACE, 7).with(4, 10))),
                begin(3, 8).with(58, OF_TRACE));

        assertThat(slices()).containsExactly(1_000L - 400 + 500 + 10);
    }

    @Test
    void incrementalClockCountsFromPacketToPacketOfItsSequence() {
        Fields defaults = message().with(58, OF_SEQUENCE);
        Fields mine = clock(OF_SEQUENCE, 100).with(3, 1).with(4, 1_000);
        read(
                threadTrack(5, 70),
                packet(2).with(13, 1).with(59, defaults).with(6, snapshot(clock(BOOTTIME, 1_000_000), mine)),
                begin(2, 1).with(13, 2),
                packet(2).with(13, 2).with(8, 2).with(11, message().with(9, 3)),
                begin(2, 3).with(13, 2),
                packet(3).with(13, 1).with(59, defaults).with(6, snapshot(clock(BOOTTIME, 9_000_000), clock(OF_SEQUENCE, 0).with(3, 1))),
                begin(3, 4).with(13, 2));

        assertThat(slices()).containsExactly(1_001_000L, 1_006_000L, 9_000_004L);
    }

    @Test
    void clockThatNoSnapshotHasIsSaidAndLeftAside() {
        ReadReport report = read(threadTrack(5, 70), begin(2, 500).with(58, 77), begin(2, 600));

        assertThat(slices()).containsExactly(600L);
        assertThat(report.warnings()).singleElement().asString().contains("times of clock 77");
    }

    @Test
    void clearedStateForgetsNamesAndDefaults() {
        Fields names = message().with(2, message().with(1, 1).with(2, "old"));
        Fields others = message().with(2, message().with(1, 1).with(2, "new"));
        Fields byName = message().with(9, 1).with(10, 1);
        read(
                threadTrack(5, 70), threadTrack(6, 71),
                packet(2).with(13, 1).with(12, names).with(59, message().with(11, message().with(11, 5))),
                packet(2).with(13, 2).with(8, 10).with(11, byName),
                packet(2).with(13, 3).with(8, 20).with(11, byName).with(12, others).with(59, message().with(11, message().with(11, 6))),
                packet(2).with(41, 1).with(8, 30).with(11, byName));

        assertThat(events).filteredOn(RecordedEvent.SliceBegin.class::isInstance).containsExactly(
                new RecordedEvent.SliceBegin(10, 70, "old"), new RecordedEvent.SliceBegin(20, 71, "new"));
    }

    @Test
    void packetsThatRelyOnLostOnesAreCountedAsLost() {
        Fields names = message().with(2, message().with(1, 1).with(2, "name"));
        Fields byName = message().with(9, 1).with(10, 1).with(11, 5);
        ReadReport report = read(
                threadTrack(5, 70),
                packet(2).with(42, 1).with(87, 1).with(13, 1).with(12, names),
                packet(2).with(13, 2).with(8, 10).with(11, byName),
                packet(2).with(13, 2).with(8, 20).with(11, byName).with(42, 1),
                packet(2).with(13, 2).with(8, 30).with(11, byName),
                packet(2).with(13, 3).with(8, 40).with(11, byName).with(12, names));

        assertThat(slices()).containsExactly(10L, 40L);
        assertThat(report.lost()).isEqualTo(3);
    }

    @Test
    void bundleKeepsTheSymbolsOfItsTime() {
        Fields blocked = message().with(1, message().with(1, 3)
                .with(2, message().with(1, 100).with(2, 7).with(18, message().with(1, 8).with(2, 1))));
        Fields later = message().with(1, message().with(1, 3)
                .with(2, message().with(1, 200).with(2, 7).with(18, message().with(1, 9).with(2, 1))));
        read(
                blocked.with(10, 2).with(13, 1).with(12, message().with(26, message().with(1, 1).with(2, "do_madvise"))),
                later.with(10, 2).with(13, 1).with(12, message().with(26, message().with(1, 1).with(2, "vm_munmap"))));

        assertThat(events).extracting(event -> ((RecordedEvent.Blocked) event).caller()).containsExactly("do_madvise", "vm_munmap");
    }

    @Test
    void eventsOfFtracesOwnClockMoveByWhatTheBundleSays() {
        Fields exit = message().with(1, 500).with(2, 7).with(238, message().with(1, "x").with(2, 7));
        read(packet(1).with(1, message().with(1, 0).with(5, 2).with(6, 400).with(7, 9_400).with(2, exit)));

        assertThat(only(RecordedEvent.Exit.class).ns()).isEqualTo(9_500);
    }

    @Test
    void eventsOnMonotonicRawMoveByTheSnapshot() {
        Fields exit = message().with(1, 500).with(2, 7).with(238, message().with(1, "x").with(2, 7));
        read(
                packet(1).with(6, snapshot(clock(BOOTTIME, 2_000), clock(5, 450))),
                packet(1).with(1, message().with(1, 0).with(5, 4).with(2, exit)));

        assertThat(only(RecordedEvent.Exit.class).ns()).isEqualTo(2_050);
    }

    @Test
    void compactSchedulingMovesToo() {
        Fields compact = message().packed(1, 500, 10).packed(2, 1, 1).packed(3, 7, 8).packed(4, 120, 120).with(5, "seven").packed(6, 0, 0);
        read(packet(1).with(1, message().with(1, 0).with(5, 2).with(6, 400).with(7, 9_400).with(4, compact)));

        assertThat(events).extracting(RecordedEvent::ns).containsExactly(9_500L, 9_510L);
    }

    @Test
    void messagesMayBeGroups() {
        Fields exit = message().with(1, 500).with(2, 7).withGroup(238, message().with(1, "x").with(2, 7));
        read(packet(1).withGroup(1, message().with(1, 0).withGroup(2, exit)));

        assertThat(only(RecordedEvent.Exit.class)).isEqualTo(new RecordedEvent.Exit(500, 7));
    }

    @Test
    void oldThreadsTellTheirTimesAsDifferences() {
        Fields thread = message().with(1, 7).with(2, 70).with(5, "Main").with(6, 1_000);
        read(
                packet(2).with(13, 1).with(44, thread).with(59, message().with(58, BOOTTIME)),
                packet(2).with(13, 2).with(11, message().with(9, 1).with(1, 5).with(23, "a")),
                packet(2).with(13, 2).with(11, message().with(9, 2).with(1, 7)),
                packet(2).with(13, 2).with(11, message().with(16, 2_000).with(6, message().with(2, 'X').with(3, 4)).with(23, "b")));

        assertThat(events).filteredOn(event -> event.ns() >= 0).containsExactly(
                new RecordedEvent.SliceBegin(1_005_000, 70, "a"), new RecordedEvent.SliceEnd(1_012_000, 70),
                new RecordedEvent.SliceBegin(2_000_000, 70, "b"), new RecordedEvent.SliceEnd(2_004_000, 70));
    }

    @Test
    void expectedSurfaceFrameIsTheDeadlineOfTheActualOne() {
        Fields display = message().with(1, 1).with(2, 50).with(3, 600);
        Fields expected = message().with(1, 2).with(2, 90).with(3, 50).with(4, 7);
        Fields actual = message().with(1, 3).with(2, 90).with(3, 50).with(4, 7).with(6, 2).with(9, 64);
        read(
                packet(1).with(8, 90).with(76, message().with(2, display.with(7, 1))),
                packet(1).with(8, 100).with(76, message().with(3, expected)),
                packet(1).with(8, 120).with(76, message().with(4, actual)),
                packet(1).with(8, 130).with(76, message().with(5, message().with(1, 1))),
                packet(1).with(8, 150).with(76, message().with(5, message().with(1, 2))),
                packet(1).with(8, 170).with(76, message().with(5, message().with(1, 3))));

        assertThat(only(RecordedEvent.Frame.class)).isEqualTo(new RecordedEvent.Frame(170, 7, 90, 100, 150, 120, 170, 64));
    }

    @Test
    void numbersOfSystemCallsAreTheMachines() {
        Fields machine = message().with(45, message().with(1, message().with(3, "6.12").with(4, "x86_64")));
        Fields enter = message().with(1, 500).with(2, 7).with(329, message().with(1, 9).packed(2, 0, 4_096));
        read(machine, packet(1).with(1, message().with(1, 0).with(2, enter)));

        assertThat(only(RecordedEvent.CallEnter.class).call()).isEqualTo("mmap");
    }

    @Test
    void otherMachinesOfOneTraceAreLeftOut() {
        ReadReport report = read(threadTrack(5, 70), begin(2, 500).with(98, 2), begin(2, 600));

        assertThat(slices()).containsExactly(600L);
        assertThat(report.warnings()).singleElement().asString().contains("several machines");
    }

    @Test
    void zippedPacketsKnowWhatStandsOutside() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(zipped)) {
            deflater.write(trace(begin(2, 500).with(58, MONOTONIC), begin(2, 7).with(13, 2)));
        }
        ReadReport report = read(
                threadTrack(5, 70),
                packet(1).with(6, snapshot(clock(BOOTTIME, 1_000), clock(MONOTONIC, 400))),
                message().with(50, ByteString.copyFrom(zipped.toByteArray())),
                message().with(133, "?"));

        assertThat(slices()).containsExactly(1_100L);
        assertThat(report.warnings())
                .anyMatch(warning -> warning.matches(".*zstd cannot be run here.*|Some compressed packets are damaged.*"));
    }

    @Test
    void packetsPackedByZstdAreUnpackedByIt() throws IOException, InterruptedException {
        Process zstd;
        try {
            zstd = new ProcessBuilder("zstd", "-c").start();
        } catch (IOException e) {
            Assumptions.abort("zstd is not here.");
            return;
        }
        try (OutputStream in = zstd.getOutputStream()) {
            in.write(trace(begin(2, 500).with(58, MONOTONIC), begin(2, 7).with(13, 2)));
        }
        byte[] packed = zstd.getInputStream().readAllBytes();
        ReadReport report = read(
                threadTrack(5, 70),
                packet(1).with(6, snapshot(clock(BOOTTIME, 1_000), clock(MONOTONIC, 400))),
                message().with(133, ByteString.copyFrom(packed)));

        assertThat(slices()).containsExactly(1_100L);
        assertThat(report.warnings()).noneMatch(warning -> warning.contains("compressed"));
    }
}
