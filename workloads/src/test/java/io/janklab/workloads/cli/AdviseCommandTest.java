package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

final class AdviseCommandTest {
    @TempDir
    Path folder;

    @Test
    void whatIsTriedIsListedWithWhatItWouldBeOnAPhone() {
        assertThat(CommandLineRun.ok("advise", "--list"))
                .contains("kernel-6.17: kernel=6.17", "jemalloc: nativeHeap.preset=jemalloc-android", "purge-background", "advice-free",
                        "gc-nice-0")
                .contains("mallopt(M_DECAY_TIME, 0)");
    }

    @Test
    void everySettingTriedIsRankedAndDrawn() {
        String out = folder.resolve("advice").toString();

        String text = CommandLineRun.ok("advise", "--seeds", "2", "--duration", "100ms", "--try", "name=quick,heap.decayMs=0", "--try",
                "name=newer,kernel=6.17",
                "--out", out);

        assertThat(text).contains("late frames", "RSS, MiB", "CPU, ms/s", "quick: kernel 6.12, nativeHeap.decayMs=0");
        assertThat(folder.resolve("advice/advice.html")).content().contains("<svg", "quick");
        assertThat(JsonMapper.shared().readTree(folder.resolve("advice/advice.json")).at("/settings").findValuesAsString("name"))
                .containsExactlyInAnyOrder("quick", "newer");
    }

    @Test
    void workloadWithoutFramesIsRefused() {
        assertThat(CommandLineRun.bad("advise", "--scenario", "mmap1", "--seeds", "1", "--duration", "10ms", "--try", "kernel=6.17",
                "--out", folder.resolve("a").toString()))
                .contains("advise counts late frames, and mmap1 draws none");
        assertThat(folder.resolve("a")).doesNotExist();
    }
}
