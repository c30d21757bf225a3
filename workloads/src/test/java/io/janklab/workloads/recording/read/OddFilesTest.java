package io.janklab.workloads.recording.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.SampleRecording;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as outsiders bring them: packed, from Windows, of other tools.
@Execution(ExecutionMode.CONCURRENT)
final class OddFilesTest {
    private static final String TEXT = SampleRecording.text(2);

    @TempDir
    Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("file"), bytes);
    }

    private List<RecordedEvent> read(byte[] bytes) throws IOException {
        List<RecordedEvent> events = new ArrayList<>();
        Recording.read(file(bytes), events::add);
        return events;
    }

    /// Arrays among them are told by their contents.
    private String text(byte[] bytes) throws IOException {
        return read(bytes).stream().map(event -> event instanceof RecordedEvent.CallEnter call
                ? call.call() + Arrays.toString(call.arguments()) : event.toString()).collect(Collectors.joining("\n"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
                zip.write(utf8(namesAndTexts[i + 1]));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }

    @Test
    void textOfWindowsIsTheSameText() throws IOException {
        assertThat(text(utf8("\ufeff" + TEXT.replace("\n", "\r\n")))).isEqualTo(text(utf8(TEXT))).contains("SliceEnd");
    }

    @Test
    void packedTextIsTheSameText() throws IOException {
        byte[] zip = zip("__MACOSX/._trace", "x", "notes/readme.txt", "how this was made\n", "trace.txt", TEXT);

        assertThat(text(gzip(utf8(TEXT)))).isEqualTo(text(utf8(TEXT)));
        assertThat(text(zip)).isEqualTo(text(utf8(TEXT)));
        assertThat(text(gzip(zip))).isEqualTo(text(utf8(TEXT)));
    }

    @Test
    void zipWithoutARecordingSaysWhatIsInIt() throws IOException {
        Path file = file(zip("a.txt", "no", "b.txt", "no"));

        assertThatThrownBy(() -> Recording.read(file, event -> {})).isInstanceOf(BadInput.class)
                .hasMessageContaining("it has a.txt, b.txt");
    }

    @Test
    void halfAnArchiveIsADamagedOne() throws IOException {
        byte[] whole = gzip(utf8(TEXT));
        Path file = file(Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> Recording.read(file, event -> {})).isInstanceOf(BadInput.class).hasMessageContaining("damaged archive");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "'';is empty",
        "\u00ff\u00fe#;is UTF-16 text",
        "7z\u00bc\u00af;is packed by 7-Zip: unpack it first",
        "Rar!;is packed by rar",
        "% time     seconds  usecs/call;is a table of counts by strace -c",
        "[{\"ph\":\"X\"}];is a trace in Chrome's JSON",
        "mmap(NULL, 4096) = 0x7f0000000000;is a log of strace without times",
        "packet { ftrace_events { cpu: 0 } };is a Perfetto trace as text",
        "   0.012 ( 0.004 ms): bash/123 mmap(len: 8192, prot: READ) = 0x7f00;is output of perf trace",
        "   0.012 (         ): bash/123 munmap(addr: 0x7f00) ...;is output of perf trace",
        "main 12 1.5: sched:sched_switch: prev_comm=a;is output of perf script without",
        "just some text;is not a recording of a known format"
    })
    void whatItIsNotIsSaidInASentence(String content, String sentence) throws IOException {
        Path file = file(content.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Recording.read(file, event -> {})).isInstanceOf(BadInput.class).hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "xz", "bzip2"})
    void whatOthersPackIsUnpackedByTheirTools(String tool) throws IOException, InterruptedException {
        Path plain = Files.writeString(folder.resolve("plain"), TEXT);
        Path packed = folder.resolve("packed");
        try {
            Process packer = new ProcessBuilder(tool, "-c", plain.toString()).redirectOutput(packed.toFile()).start();
            Assumptions.assumeTrue(packer.waitFor() == 0);
        } catch (IOException e) {
            Assumptions.abort(tool + " is not here.");
        }
        List<RecordedEvent> events = new ArrayList<>();
        Recording.read(packed, events::add);

        assertThat(events).hasSameSizeAs(read(utf8(TEXT)));
        Path half = file(Arrays.copyOf(Files.readAllBytes(packed), (int) Files.size(packed) / 2));
        assertThatThrownBy(() -> Recording.read(half, event -> {})).isInstanceOf(BadInput.class)
                .hasMessageContaining(tool + " cannot read " + half);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"\u00fd7zXZ;xz", "(\u00b5/\u00fd..;zstd", "BZh91AY;bzip2"})
    void damagedOrWithoutTheirToolTheyAreNamed(String content, String tool) throws IOException {
        Path file = file(content.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Recording.read(file, event -> {})).isInstanceOf(BadInput.class)
                .hasMessageMatching("(?s).*(is packed by " + tool + ", which cannot be run here|" + tool + " cannot read ).*");
    }

    @Test
    void anErrorOfThoseWhoUseTheEventsIsTheirs() throws IOException {
        Path file = file(utf8(SampleRecording.text(200)));

        assertThatThrownBy(() -> Recording.read(file, event -> {
            throw new IllegalStateException("theirs");
        })).hasMessage("theirs");
    }

    private static final String CALLS = """
            7 %s mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fba53606000 <0.000211>
            7 %s madvise(0x7fba53606000, 4096, MADV_FREE) = -1 ENOMEM (Cannot allocate memory) <0.000010>
            8 %s +++ killed by SIGSEGV (core dumped) +++
            """;

    @ParameterizedTest
    @CsvSource({
        "1617000000.100000, 1617000000.200000, 1617000000.300000, 100000000",
        "23:59:59.950000, 00:00:00.050000, 00:00:00.150000, 100000000",
        "0.000000, 0.100000, 0.100000, 100000000",
        "12:00:01, 12:00:02, 12:00:03, 1000000000"
    })
    void straceTellsTimeInSeveralWays(String first, String second, String third, long apart) throws IOException {
        List<RecordedEvent> events = read(utf8(CALLS.formatted(first, second, third)));
        List<RecordedEvent.CallExit> exits = events.stream().filter(RecordedEvent.CallExit.class::isInstance)
                .map(RecordedEvent.CallExit.class::cast).toList();
        List<Long> begins = events.stream().filter(RecordedEvent.CallEnter.class::isInstance).map(RecordedEvent::ns).toList();

        assertThat(begins.get(1) - begins.get(0)).isEqualTo(apart);
        assertThat(exits.get(0).ns() - begins.get(0)).isEqualTo(211_000);
        assertThat(exits).extracting(RecordedEvent.CallExit::result).containsExactly(0x7fba53606000L, -12L);
        assertThat(events).last().isInstanceOfSatisfying(RecordedEvent.Exit.class, exit ->
                assertThat(exit.ns() - begins.get(1)).isEqualTo(apart));
    }

    @Test
    void namesOfTasksMayLookLikeAnything() throws IOException {
        String name = "a-1 [000] b(7)";
        List<RecordedEvent> events = read(utf8("""
                %s-123456 [003] d..2.  12.000001: sched_switch: prev_comm=%s prev_pid=123456 prev_prio=120 prev_state=S ==> \
                next_comm=x prev_pid=1 y next_pid=77 next_prio=139
                %s-123456 [003] d..2.  12.000002: sched_waking: comm=z pid=5 pid=77 prio=120 target_cpu=003
                """.formatted(name, name, name)));

        assertThat(events).hasSize(2);
        assertThat(events.get(0)).isInstanceOfSatisfying(RecordedEvent.Switch.class, event -> {
            assertThat(event.cpu()).isEqualTo(3);
            assertThat(event.prev()).isEqualTo(123_456);
            assertThat(event.prevName()).isEqualTo(name);
            assertThat(event.next()).isEqualTo(77);
            assertThat(event.nextPrio()).isEqualTo(139);
        });
        assertThat(events.get(1)).isInstanceOfSatisfying(RecordedEvent.Waking.class, event -> {
            assertThat(event.waker()).isEqualTo(123_456);
            assertThat(event.tid()).isEqualTo(77);
        });
    }
}
