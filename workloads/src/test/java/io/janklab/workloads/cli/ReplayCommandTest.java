package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReplayCommandTest {
    private static final String TEXT = """
            7: malloc 0x10 100
            7: calloc 0x20 3 1000
            8: memalign 0x30 64 5000
            8: realloc 0x40 0x20 9000
            8: realloc 0x50 0x0 16
            7: free 0x0
            7: realloc 0x60 0x50 0
            8: free 0x10
            7: thread_done 0x0
            7: malloc 0x70 8388608
            """;
    private static final String HEAP = "narenas:1,tcache:false,dirty_decay_ms:0,muzzy_decay_ms:0";

    @TempDir
    Path folder;

    private Path trace;
    private Path out;
    private final StringWriter stdout = new StringWriter();
    private final StringWriter stderr = new StringWriter();

    @BeforeEach
    void writeTrace() throws IOException {
        trace = Files.writeString(folder.resolve("t.txt"), TEXT);
        out = folder.resolve("out");
    }

    private int replay(String... options) {
        String[] args = Stream.concat(Stream.of("replay", trace.toString()), Stream.of(options)).toArray(String[]::new);
        return CommandLineRun.execute(stdout, stderr, args);
    }

    @Test
    void csvHasTheReferencesColumnsAndNothingElse() {
        int exit = replay("--heap-only", "--csv", "--every", "2", "--malloc-conf", HEAP);

        assertThat(stderr.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(stdout.toString().lines().map(line -> line.replaceFirst(",\\d+$", "")))
                .as("with the figures of resident cut off")
                .containsExactly(
                        "op,allocated,active,resident",
                        "2,3184,40960", // 112 and 3,072: slabs of 28 and 12 KiB
                        "4,15472,69632", // 5,120 and 10,240 came, slabs of 20 KiB each; the 3,072 went with its slab
                        "6,15480,73728", // 16 came and became 8
                        "8,8403976,8437760"); // the 112 went with its slab; 8 MiB and the page of padding came
    }

    @Test
    void csvIsTheSameWhateverTheReplayerKeepsOnAHeapWithoutCaches() {
        replay("--heap-only", "--csv", "--every", "1", "--malloc-conf", HEAP);
        String warm = stdout.toString();
        stdout.getBuffer().setLength(0);
        replay("--heap-only", "--csv", "--every", "1", "--malloc-conf", HEAP, "--cold");

        assertThat(allocated(stdout.toString())).isEqualTo(allocated(warm));
    }

    private static String allocated(String csv) {
        return csv.replaceAll("(?m),\\d+,\\d+$", "");
    }

    @Test
    void summaryNamesWhatItReplayedAndOnWhat() {
        assertThat(replay("--heap-only", "--by-thread", "--preset", "jemalloc-android")).isZero();
        assertThat(stdout.toString())
                .contains("t.txt: 8 operations of 10 records by 3 threads, replayed by as many on jemalloc-android")
                .contains("narenas:2")
                .contains("allocated", "active", "resident", "MADV_DONTNEED");
    }

    @Test
    void jsonAndFolderHoldSamplesAndTotals() throws IOException {
        assertThat(replay("--heap-only", "--json", "--every", "4", "--out", out.toString())).isZero();

        JsonNode result = JsonMapper.shared().readTree(stdout.toString());
        assertThat(result.get("records").asInt()).isEqualTo(10);
        assertThat(result.get("samples")).hasSize(2);
        assertThat(result.get("end").get("operation").asInt()).isEqualTo(8);
        assertThat(result.get("totals").propertyNames()).contains("stats.allocated", "stats.resident");
        assertThat(JsonMapper.shared().readTree(Files.readString(out.resolve("result.json")))).isEqualTo(result);
        assertThat(Files.readString(out.resolve("heap.csv"))).startsWith("op,allocated,active,resident\n4,");
    }

    @Test
    void scaleReplaysSoManyCopies() {
        assertThat(replay("--heap-only", "--csv", "--cold", "--every", "16", "--malloc-conf", HEAP, "--scale", "2")).isZero();
        assertThat(stdout.toString()).contains("\n16,16807952,16830464,");
    }

    @Test
    void onKernelsEveryRecordIsExecutedAndTheFolderWritten() throws IOException {
        int exit = replay("--kernels", "6.6,6.17", "--out", out.toString());

        assertThat(stderr.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(stdout.toString())
                .contains("10 records by 3 threads")
                .contains("page faults by the VMA lock", "madvise by mmap_lock", "Heap at the end on 6.17: ");
        JsonNode result = JsonMapper.shared().readTree(Files.readString(out.resolve("result.json")));
        assertThat(result.get("scenario").asString()).isEqualTo("replay");
        assertThat(result.get("kernels").get(1).get("memory").get("rssPeakBytes").asLong()).isGreaterThan(8 << 20);
    }

    @Test
    void firstThreadIsTakenForTheMainOneAndTheOthersAreAtNice0() throws IOException {
        assertThat(replay("--out", out.toString())).isZero();

        assertThat(stdout.toString())
                .containsIgnoringWhitespaces(
                        "Threads: 7 is main (nice -10); the others are at nice 0, since a trace has no names: --thread gives them.");
        assertThat(tasks()).contains("main", "Thread");
    }

    @Test
    void threadsAreCalledWhatTheUserKnows() throws IOException {
        assertThat(replay("--thread", "8=main", "--thread", "7=decoder,10", "--out", out.toString())).isZero();

        assertThat(stdout.toString()).contains("Threads: 7 is decoder (nice 10), 8 is main (nice -10).");
        assertThat(tasks()).containsExactlyInAnyOrder("main", "decoder");
    }

    private List<String> tasks() throws IOException {
        JsonNode kernel = JsonMapper.shared().readTree(Files.readString(out.resolve("result.json"))).get("kernels").get(0);
        return kernel.get("tasks").valueStream().filter(task -> task.get("process").asString().equals("replay"))
                .map(task -> task.get("task").asString()).toList();
    }

    @Test
    void timesAreKept() throws IOException {
        Files.writeString(trace, "1: malloc 0x10 100 5000 5010\n2: malloc 0x20 100 7000 7010\n1: free 0x20 3000005000 3000005010\n");
        assertThat(replay("--heap-only", "--json")).isZero();
        assertThat(JsonMapper.shared().readTree(stdout.toString()).get("virtualNs").asLong()).isBetween(3_000_000_000L, 3_000_100_000L);

        stdout.getBuffer().setLength(0);
        assertThat(replay("--json", "--out", out.toString())).isZero();
        long virtualNs = JsonMapper.shared().readTree(stdout.toString()).get("kernels").get(0).get("virtualNs").asLong();
        assertThat(virtualNs).isBetween(3_000_000_000L, 3_000_100_000L);
    }

    @Test
    void quietPrintsNothing() {
        assertThat(replay("--quiet", "--out", out.toString())).isZero();
        assertThat(replay("--quiet", "--heap-only")).isZero();
        assertThat(stdout.toString()).isEmpty();
        assertThat(stderr.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --csv | --csv, --every, --by-thread and --cold belong to --heap-only.
            --heap-only --kernel 6.17 | --heap-only has no kernel: it takes no --kernels, --device, --set or --thread.
            --thread 9=main | has no thread 9, which is to be called main.
            --thread 7=worker,30 | --thread 7=worker,30: a thread looks like 202=RenderThread or 202=worker,10
            --heap-only --thread 7=main | --heap-only has no kernel
            --heap-only --csv --json | --csv goes with neither --json nor --quiet.
            --heap-only --every 0 | --every takes a number from 1 on, not 0.
            --heap-only --preset hoard | there is no heap preset 'hoard'
            --heap-only --malloc-conf narena:1 | there is no heap option 'narena'
            --heap-only --malloc-conf narenas:x | heap option narenas takes a whole number from 0 to 4094, not 'x'
            --heap-only --scale 0 | --scale takes a number from 1 to 107374182 for this trace, not 0.
            --kernel 5.4 | there is no kernel '5.4'
            --set frame.steps=2 | there is no kernel switch 'frame.steps'
            """)
    void badInputIsOneSentence(String options, String sentence) {
        int exit = replay(options.strip().split(" "));

        assertThat(exit).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stdout.toString()).isEmpty();
        assertThat(stderr.toString()).startsWith("janklab: ").contains(sentence).hasLineCount(1);
    }

    @Test
    void badRecordIsNamedByFileAndLine() throws IOException {
        Files.writeString(trace, "1: malloc 0x10 100\n1: free 0x20\n");
        assertThat(replay("--heap-only")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stderr.toString()).contains("t.txt:2: free of 0x20, which is not allocated.");
    }

    @Test
    void sizeBeyondTheAddressSpaceIsBadInput() throws IOException {
        Files.writeString(trace, "1: malloc 0x10 9223372036854775807\n");
        assertThat(replay("--heap-only", "--cold")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stderr.toString()).contains("record 1 of the heap trace t.txt cannot be executed").hasLineCount(1);
    }

    @Test
    void countersOfTheHeapArePrintedByName() throws IOException {
        Path trace = Files.writeString(folder.resolve("three.txt"), "1: malloc 0x10 100\n1: malloc 0x20 20000\n1: free 0x10\n");
        assertThat(CommandLineRun.ok("replay", "--heap-only", "--cold", trace.toString(), "--mallctl",
                "stats.arenas.0.lextents.1.curlextents,stats.allocated", "--malloc-stats"))
                .contains("stats.arenas.0.lextents.1.curlextents: 1\n", "___ Begin jemalloc statistics ___",
                "--- End jemalloc statistics ---");
        assertThat(CommandLineRun.bad("replay", "--heap-only", trace.toString(), "--mallctl", "stats.nothing"))
                .contains("there is no heap counter 'stats.nothing'");
        assertThat(CommandLineRun.bad("replay", "--heap-only", trace.toString(), "--preset", "scudo", "--malloc-stats"))
                .contains("no such report");
    }

    @Test
    void countersOfTheHeapArePrintedForEachKernel() throws IOException {
        Path trace = Files.writeString(folder.resolve("one.txt"), "1: malloc 0x10 20000\n");
        assertThat(CommandLineRun.ok("replay", trace.toString(), "--kernels", "6.1,6.12", "--mallctl",
                "stats.arenas.4096.lextents.1.curlextents", "--out", folder.resolve("out").toString()))
                .containsSubsequence("on 6.1:", "curlextents: 1", "on 6.12:", "curlextents: 1");
    }
}
