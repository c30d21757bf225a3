package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recording of a production phone has no mm calls: every output about it says that its memory is modelled.
final class ModelledMmTest {
    private static final String LABEL = "modelled mm";

    @TempDir
    Path folder;

    private String file;

    @BeforeEach
    void write() throws IOException {
        StringBuilder text = new StringBuilder("# tracer: nop\n");
        for (int i = 0; i < 40; i++) {
            double begin = 1.01 + i * 0.016667;
            double drawn = begin + 0.003 + i % 5 * 0.0007;
            line(text, "<idle>", 0, 0, begin, "sched_waking: comm=main pid=100 prio=120 target_cpu=000");
            line(text, "<idle>", 0, 0, begin + 5e-6, switched("swapper/0", 0, "R", "main", 100));
            line(text, "main", 100, 0, begin + 6e-6, "tracing_mark_write: B|100|Choreographer#doFrame " + i);
            line(text, "main", 100, 0, drawn, "sched_waking: comm=RenderThread pid=101 prio=110 target_cpu=001");
            line(text, "<idle>", 0, 1, drawn + 5e-6, switched("swapper/1", 0, "R", "RenderThread", 101));
            line(text, "RenderThread", 101, 1, drawn + 1e-5, "tracing_mark_write: B|100|DrawFrame " + i);
            line(text, "RenderThread", 101, 1, drawn + 6e-5, "rss_stat: mm_id=7 curr=1 type=MM_ANONPAGES size=" + 4096 * (1000 + i) + "B");
            line(text, "main", 100, 0, drawn + 5e-4, "tracing_mark_write: E|100");
            line(text, "main", 100, 0, drawn + 5.1e-4, switched("main", 100, "S", "swapper/0", 0));
            line(text, "RenderThread", 101, 1, drawn + 4e-3, "tracing_mark_write: E|100");
            line(text, "RenderThread", 101, 1, drawn + 4.01e-3, switched("RenderThread", 101, "S", "swapper/1", 0));
        }
        file = Files.writeString(folder.resolve("phone.txt"), text).toString();
    }

    private static void line(StringBuilder text, String task, int tid, int cpu, double seconds, String event) {
        text.append(String.format(Locale.ROOT, "%16s-%d (  100) [%03d] d.... %.6f: %s%n", task, tid, cpu, seconds, event));
    }

    private static String switched(String prev, int prevTid, String state, String next, int nextTid) {
        return String.format(Locale.ROOT,
                "sched_switch: prev_comm=%s prev_pid=%d prev_prio=120 prev_state=%s ==> next_comm=%s next_pid=%d next_prio=120", prev,
                prevTid, state, next, nextTid);
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }

    /// Names of files with contents but without the label.
    private static List<String> unlabelled(Path out) throws IOException {
        List<String> unlabelled = new ArrayList<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(each, StandardCharsets.ISO_8859_1);
                if (!bytes.isEmpty() && !bytes.contains(LABEL)) {
                    unlabelled.add(each.getFileName().toString());
                }
            }
        }
        return unlabelled;
    }

    @Test
    void everyFileOfAComparisonSaysSo() throws IOException {
        String printed = CommandLineRun.ok("compare", "--recording", file, "--kernels", "6.1,6.17", "--seeds", "2", "--openmetrics",
                "--perfetto", "--off-cpu", "--out", out("compared"));

        assertThat(printed).contains(LABEL, "Error bar");
        assertThat(folder.resolve("compared")).isDirectoryContaining("glob:**/gfxinfo-6.1.txt").isDirectoryContaining("glob:**/*.folded")
                .isDirectoryContaining("glob:**/*.perfetto-trace").isDirectoryContaining("glob:**/benchmarkData.json")
                .isDirectoryContaining("glob:**/openmetrics.txt").isDirectoryContaining("glob:**/report.html");
        assertThat(unlabelled(folder.resolve("compared"))).isEmpty();
        assertThat(CommandLineRun.ok("diff", out("compared"), out("compared"))).contains(LABEL);
    }

    @Test
    void everyFileOfARunAndOfItsImportSaysSo() throws IOException {
        assertThat(CommandLineRun.ok("run", "--recording", file, "--out", out("ran"))).contains(LABEL);
        assertThat(CommandLineRun.ok("run", "--recording", file, "--json")).contains(LABEL);
        assertThat(CommandLineRun.ok("import", file, "--out", out("imported"))).contains(LABEL);
        assertThat(CommandLineRun.ok("import", file, "--json")).contains(LABEL);

        assertThat(unlabelled(folder.resolve("ran"))).isEmpty();
        assertThat(unlabelled(folder.resolve("imported"))).as("the bulk is read through its sheet").containsExactly("workload.bin");
    }

    /// The journal has what was asked for, metrics.txt what runs took on the host.
    @Test
    void everyResultOfASweepSaysSo() throws IOException {
        String printed = CommandLineRun.ok("sweep", "--recording", file, "--kernels", "6.1,6.17", "--seeds", "2", "--out", out("swept"));

        assertThat(printed).contains("recording " + file + " (" + LABEL + ")", "Error bar, from its replay under its own kernel: run time");
        assertThat(unlabelled(folder.resolve("swept"))).containsExactlyInAnyOrder("journal.jsonl", "metrics.txt");
        assertThat(folder.resolve("swept/sweep.json")).content().contains("Error bar, from its replay under its own kernel");
    }
}
