package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read of the native heap of an app; of a replayed trace's, `ReplayCommandTest`.
final class HeapReadingsTest {
    @TempDir
    Path folder;

    private Path out() {
        return folder.resolve("out");
    }

    @Test
    void countersOfTheAppsHeapArePrintedForEachSide() {
        assertThat(CommandLineRun.ok("compare", "--kernels", "6.12,6.17", "--seeds", "2", "--duration", "20ms", "--set", "warmUpS=0",
                "--set", "nativeHeap.preset=jemalloc-android",
                "--no-bound", "--mallctl", "stats.active,stats.retained", "--malloc-stats", "--out", out().toString()))
                .containsSubsequence("Native heap at the end on 6.12, seed 1:", "stats.active: ", "stats.retained: ",
                "___ Begin jemalloc statistics ___", "Native heap at the end on 6.17, seed 1:", "--- End jemalloc statistics ---");
    }

    @Test
    void counterThatIsNoneIsRefusedBeforeAnythingRuns() {
        assertThat(CommandLineRun.bad("run", "--duration", "24h", "--mallctl", "stats.nothing", "--out", out().toString()))
                .contains("there is no heap counter 'stats.nothing'");
        assertThat(out()).doesNotExist();
    }

    @Test
    void workloadWithoutANativeHeapIsSaid() {
        String out = out().toString();
        assertThat(CommandLineRun.bad("run", "--scenario", "mmap1", "--malloc-stats", "--out", out)).contains("mmap1 has none");
        assertThat(CommandLineRun.bad("run", "--program", "give-back", "--malloc-stats", "--out", out)).contains("--program");
    }

    @Test
    void pictureOfAReplayShowsEachKernel() throws Exception {
        Path trace = Files.writeString(folder.resolve("one.txt"), "1: malloc 0x10 20000\n1: free 0x10\n".repeat(200));
        CommandLineRun.ok("replay", trace.toString(), "--kernels", "6.1,6.12", "--out", out().toString());
        assertThat(out().resolve("heap.html")).content()
                .containsSubsequence("On 6.1<", "<path fill", "On 6.12<", "<path fill");
    }
}
