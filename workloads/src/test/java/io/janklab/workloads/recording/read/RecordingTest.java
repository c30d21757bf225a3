package io.janklab.workloads.recording.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingTest {
    static final String FTRACE = """
            # tracer: nop
            #
            # machine: 6.18.44 x86_64 2 25216000
            # maps: 20 55a000-55b000 rw-p 00000000 00:00 0
                          ui-20      (     20) [001] .....  5523.355791: sys_mmap(addr: 0, len: 0x2000, prot: 3, \
            flags: 0x22, fd: 0xffffffff, off: 0)
                          ui-20      (     20) [001] d..2.  5523.355793: contention_begin: 000000000d3acdc5 (flags=WRITE)
                          ui-20      (     20) [001] d..2.  5523.355794: sched_switch: prev_comm=ui prev_pid=20 prev_prio=120 prev_state=D \
            ==> next_comm=a b next_pid=21 next_prio=110
                     a b-21      (     20) [001] d..3.  5523.355800: sched_waking: comm=ui pid=20 prio=120 target_cpu=001
                     a b-21      (     20) [001] d.h2.  5523.355801: sched_waking: comm=ui pid=20 prio=120 target_cpu=001
                          ui-20      (     20) [001] ...1.  5523.355806: contention_end: 000000000d3acdc5 (ret=0)
                          ui-20      (     20) [001] .....  5523.355808: sys_mmap -> 0xfffffffffffffff4
                          ui-20      (     20) [001] d....  5523.355809: page_fault_user: address=0x55a6036e2358 ip=0x55a5f73ec64c \
            error_code=0x7
                          ui-20      (     20) [001] .....  5523.355810: mmap_lock_acquire_returned: mm=000000003269490c memcg_id=6107 \
            write=true success=true
                          ui-20      (     20) [001] ...1.  5523.355811: tracing_mark_write: B|20|Choreographer#doFrame 12
                          ui-20      (     20) [001] ...1.  5523.355812: tracing_mark_write: E|20
            CPU:1 [LOST 12 EVENTS]
            """;

    static List<RecordedEvent> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    static List<RecordedEvent> read(byte[] bytes) {
        List<RecordedEvent> events = new ArrayList<>();
        try {
            Recording.read("test", new ByteArrayInputStream(bytes), events::add);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return events;
    }

    private static <E extends RecordedEvent> E only(List<RecordedEvent> events, Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
    }

    @Test
    void ftraceTextSaysWhoDidWhatWhen() {
        List<RecordedEvent> events = read(FTRACE);

        assertThat(only(events, RecordedEvent.Machine.class)).isEqualTo(new RecordedEvent.Machine("6.18.44", "x86_64", 2, 25216000L * 1024,
                ""));
        assertThat(only(events, RecordedEvent.Mapping.class)).isEqualTo(new RecordedEvent.Mapping(20, 0x55a000, 0x55b000, Mman.PROT_RW,
                false, ""));
        assertThat(only(events, RecordedEvent.ThreadOf.class)).isEqualTo(new RecordedEvent.ThreadOf(20, 20, "ui"));
        RecordedEvent.CallEnter mmap = only(events, RecordedEvent.CallEnter.class);
        assertThat(mmap.ns()).isEqualTo(5_523_355_791_000L);
        assertThat(mmap.call()).isEqualTo("mmap");
        assertThat(mmap.arguments()).containsExactly(0, 0x2000, 3, 0x22, 0xffffffffL, 0);
        assertThat(only(events, RecordedEvent.CallExit.class).result()).isEqualTo(-12);
        assertThat(only(events, RecordedEvent.Switch.class)).isEqualTo(
                new RecordedEvent.Switch(5_523_355_794_000L, 1, 20, "ui", 120, RecordedEvent.LeftAs.UNINTERRUPTIBLE, 21, "a b", 110));
        assertThat(events.stream().filter(RecordedEvent.Waking.class::isInstance).map(e -> ((RecordedEvent.Waking) e).context()))
                .containsExactly(RecordedEvent.Context.TASK, RecordedEvent.Context.HARDIRQ);
        assertThat(only(events, RecordedEvent.Fault.class)).isEqualTo(new RecordedEvent.Fault(5_523_355_809_000L, 20, 0x55a6036e2358L,
                RecordedEvent.Access.WRITE, true));
        assertThat(only(events, RecordedEvent.MmapLock.class).step()).isEqualTo(RecordedEvent.LockStep.ACQUIRED);
        assertThat(only(events, RecordedEvent.SliceBegin.class).name()).isEqualTo("Choreographer#doFrame 12");
        assertThat(only(events, RecordedEvent.Lost.class).events()).isEqualTo(12);
    }

    @Test
    void traceCmdPrintsTasksInItsOwnWay() {
        List<RecordedEvent> events = read("""
                cpus=2
                     a b-12  [000] 704.017737123: sched_switch:         a b:12 [120] S ==> c:13 [98]
                     c-13    [000] d..2. 704.017738: sched_waking:         a b:12 [120] CPU:001
                     c-13    [000] 704.017739: sys_enter:            NR 9 (0, 2000, 3, 22, ffffffff, 0)
                     c-13    [000] 704.017740: sys_exit:             NR 9 = 4096
                """);

        assertThat(only(events, RecordedEvent.Switch.class)).isEqualTo(new RecordedEvent.Switch(704_017_737_123L, 0, 12, "a b", 120,
                RecordedEvent.LeftAs.SLEEPING,
                13, "c", 98));
        assertThat(only(events, RecordedEvent.Waking.class).tid()).isEqualTo(12);
        assertThat(only(events, RecordedEvent.CallEnter.class).call()).isEqualTo("mmap");
        assertThat(only(events, RecordedEvent.CallExit.class).result()).isEqualTo(4096);
    }

    @Test
    void perfScriptHasGroupsAndStacks() {
        List<RecordedEvent> events = read("""
                            mtmm 20/21 [000]   687.453469432:              syscalls:sys_enter_mmap: addr: 0x00000000, len: 0x00002000, \
                prot: 0x00000003, flags: 0x00000022, fd: 0xffffffff, off: 0x00000000
                        7f3cabcd12 mmap64+0x12 (/usr/lib/libc.so.6)

                            mtmm 20/21 [000]   687.453479819:               syscalls:sys_exit_mmap: 0x7fb5fc61c000
                            mtmm 20/21 [000]   687.453479900:          1 page-faults:      7fb5fc61c000 0 (x)
                """);

        assertThat(only(events, RecordedEvent.ThreadOf.class)).isEqualTo(new RecordedEvent.ThreadOf(21, 20, "mtmm"));
        assertThat(only(events, RecordedEvent.CallEnter.class).arguments()).containsExactly(0, 0x2000, 3, 0x22, 0xffff_ffffL, 0);
        assertThat(only(events, RecordedEvent.CallExit.class).result()).isEqualTo(0x7fb5fc61c000L);
        assertThat(only(events, RecordedEvent.Fault.class).address()).isEqualTo(0x7fb5fc61c000L);
    }

    @Test
    void straceLogHasArgumentsInWords() {
        List<RecordedEvent> events = read("""
                10 1700000000.000001 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000 <0.000012>
                10 1700000000.000020 clone3({flags=CLONE_VM|CLONE_THREAD, x=[1, 2]} <unfinished ...>
                11 1700000000.000030 madvise(0x7f0000, 8192, MADV_DONTNEED) = -1 EINVAL (Invalid argument) <0.000002>
                10 1700000000.000040 <... clone3 resumed> => {parent_tid=[11]}, 88) = 11 <0.000020>
                11 1700000000.000050 +++ exited with 0 +++
                """);

        RecordedEvent.CallEnter mmap = only(events, RecordedEvent.CallEnter.class);
        assertThat(mmap.arguments()).containsExactly(0, 8192, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS, -1, 0);
        assertThat(only(events, RecordedEvent.CallExit.class)).isEqualTo(new RecordedEvent.CallExit(1_700_000_000_000_013_000L, 10, "mmap",
                0x7f0000));
        assertThat(only(events, RecordedEvent.NewTask.class).tid()).isEqualTo(11);
        assertThat(only(events, RecordedEvent.Exit.class).tid()).isEqualTo(11);
        assertThat(events.stream().mapToLong(RecordedEvent::ns).filter(ns -> ns >= 0)).isSorted();
    }

    @Test
    void ticksBecomeNanosecondsByTheRateTheRecordingNames() {
        List<RecordedEvent> events =
                read("# tracer: nop\n# ticks-per-us: 2000\n x-1 [000] ..... 4000000: sched_process_exit: comm=x pid=1 prio=120\n");

        assertThat(only(events, RecordedEvent.Exit.class).ns()).isEqualTo(2_000_000);
    }

    private static UnknownFieldSet.Field number(long value) {
        return UnknownFieldSet.Field.newBuilder().addVarint(value).build();
    }

    private static UnknownFieldSet.Field bytes(UnknownFieldSet.Builder message) {
        return UnknownFieldSet.Field.newBuilder().addLengthDelimited(message.build().toByteString()).build();
    }

    private static UnknownFieldSet.Field text(String text) {
        return UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(text)).build();
    }

    private static UnknownFieldSet.Builder message() {
        return UnknownFieldSet.newBuilder();
    }

    /// Times as differences, one column each.
    private static UnknownFieldSet.Field packed(int... values) {
        byte[] varints = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            varints[i] = (byte) values[i];
        }
        return UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFrom(varints)).build();
    }

    static byte[] perfetto() {
        UnknownFieldSet.Builder compact = message().addField(1, packed(100, 20)).addField(2, packed(1, 2)).addField(3, packed(7, 8))
                .addField(4, packed(120, 110)).addField(5, text("seven")).addField(6, packed(0, 0)).addField(7, packed(110))
                .addField(8, packed(9))
                .addField(12, packed(8));
        UnknownFieldSet.Builder descriptor = message().addField(1, text("mmap_lock_released"))
                .addField(2, bytes(message().addField(1, text("mm")).addField(3, number(1))));
        UnknownFieldSet.Builder generic = message().addField(1, number(105)).addField(2, number(7))
                .addField(70_000, bytes(message().addField(1, number(99))));
        UnknownFieldSet.Builder bundle = message().addField(1, number(3)).addField(4, bytes(compact))
                .addField(11, bytes(message().addField(1, number(70_000)).addField(2, bytes(descriptor)))).addField(2, bytes(generic));
        return message().addField(1, bytes(message().addField(1, bytes(bundle)).addField(10, number(1)))).build().toByteArray();
    }

    @Test
    void compactSchedulingImpliesWhoRanBefore() {
        List<RecordedEvent> events = read(perfetto());

        assertThat(events).filteredOn(RecordedEvent.Switch.class::isInstance).containsExactly(
                new RecordedEvent.Switch(100, 3, -1, "", -1, RecordedEvent.LeftAs.SLEEPING, 7, "seven", 120),
                new RecordedEvent.Switch(120, 3, 7, "seven", 120, RecordedEvent.LeftAs.UNINTERRUPTIBLE, 8, "seven", 110));
        assertThat(only(events, RecordedEvent.Waking.class)).isEqualTo(new RecordedEvent.Waking(110, 3, 7, RecordedEvent.Context.HARDIRQ,
                9, "", -1, false));
        assertThat(only(events, RecordedEvent.MmapLock.class)).isEqualTo(new RecordedEvent.MmapLock(105, 7, 99,
                RecordedEvent.LockStep.RELEASED, false));
        assertThat(events.stream().mapToLong(RecordedEvent::ns)).isSorted();
    }

    @Test
    void compressedPacketsAreReadToo() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(zipped)) {
            deflater.write(perfetto());
        }
        UnknownFieldSet.Field packets = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFrom(zipped.toByteArray())).build();
        byte[] trace = message().addField(1, bytes(message().addField(50, packets))).build().toByteArray();

        assertThat(read(trace)).isEqualTo(read(perfetto()));
    }

    @Test
    void gzipIsUnpacked(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("t.gz");
        try (GZIPOutputStream zip = new GZIPOutputStream(Files.newOutputStream(file))) {
            zip.write(FTRACE.getBytes(StandardCharsets.UTF_8));
        }
        List<RecordedEvent> unpacked = new ArrayList<>();
        List<RecordedEvent> plain = new ArrayList<>();

        Recording.read(file, unpacked::add);
        Recording.read(Files.writeString(folder.resolve("t.txt"), FTRACE), plain::add);

        assertThat(unpacked).isNotEmpty().usingRecursiveFieldByFieldElementComparator().isEqualTo(plain);
    }

    @Test
    void whatIsNoRecordingIsRefusedInOneSentence(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "hello\nworld\n");

        assertThatThrownBy(() -> Recording.read(file, event -> {})).isInstanceOf(BadInput.class)
                .hasMessageContaining("is not a recording of a known format");
        assertThatThrownBy(() -> Recording.read(folder.resolve("y"), event -> {})).isInstanceOf(BadInput.class)
                .hasMessageContaining("there is no recording");
    }

    @Test
    void noMutationMakesAReaderFailOtherwise() {
        List<byte[]> seeds = List.of(
                FTRACE.getBytes(StandardCharsets.UTF_8),
                perfetto(),
                OddPerfettoTest.seed(),
                OddTextTest.LATENCY.formatted("irqsoff").getBytes(StandardCharsets.UTF_8),
                OddTextTest.GRAPH.getBytes(StandardCharsets.UTF_8),
                OddTextTest.PERF.getBytes(StandardCharsets.UTF_8),
                OddStraceTest.SEED.getBytes(StandardCharsets.UTF_8),
                "10 1700000000.000020 mmap(NULL, 8192, PROT_READ|PROT_WRITE, 0x22, -1, 0) = 0x7f0000 <0.000012>\n".repeat(5)
                        .getBytes(StandardCharsets.UTF_8),
                """
                <!DOCTYPE html>
                  <script class="trace-data" type="application/text">
                USER PID TID CMD
                u 1 2 x
                # tracer: nop
                 x-1 [000] .... 1.2: sched_switch: a:1 [1] S ==> b:2 [3]
                  </script>
                """.getBytes(StandardCharsets.UTF_8));
        long seed = 20_260_918;
        for (int round = 0; round < 6_000; round++) {
            Random random = new Random(seed + round);
            byte[] mutant = mutate(seeds.get(round % seeds.size()).clone(), random);
            try {
                read(mutant);
            } catch (BadInput refused) {
                assertThat(refused.getMessage()).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("replay with round " + round + " of seed " + seed, e);
            }
        }
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        int changes = 1 + random.nextInt(8);
        byte[] mutant = bytes;
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(3)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] = (byte) "0123456789abcdefx[](){}:=-. \n|\"\\<>".charAt(random.nextInt(34));
                default -> mutant = java.util.Arrays.copyOf(mutant, Math.max(1, mutant.length - random.nextInt(mutant.length / 4 + 1)));
            }
        }
        return mutant;
    }

    @Test
    void whatARecordingLacksIsListed() throws IOException {
        ReadReport report = Recording.read("test", new ByteArrayInputStream(FTRACE.getBytes(StandardCharsets.UTF_8)), event -> {});

        assertThat(report.missing()).anyMatch(line -> line.startsWith("no frame timeline"))
                .noneMatch(line -> line.startsWith("no page faults"));
        assertThat(report.lost()).isEqualTo(12);
    }
}
