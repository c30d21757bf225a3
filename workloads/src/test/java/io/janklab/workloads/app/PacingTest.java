package io.janklab.workloads.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.GeneratedTrace;
import io.janklab.workloads.replay.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PacingTest {
    @Test
    void recordsWithoutTimesAreSpreadEvenly() {
        Pacing pacing = new Pacing(new GeneratedTrace("systemui", 980, 1), 1_000);

        assertThat(pacing.limitAt(0)).isZero();
        assertThat(pacing.limitAt(490)).isEqualTo(490);
        assertThat(pacing.limitAt(980)).isEqualTo(980);
        assertThat(pacing.limitAt(5_000)).isEqualTo(980);
    }

    @Test
    void recordedTimesAreStretchedToTheRun(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("t.txt"),
                "1: malloc 0x10 8 100 101\n1: malloc 0x20 8 110 111\n1: malloc 0x30 8 200 201\n");
        AllocationTrace trace = TraceReader.read(file, Map.of());

        Pacing pacing = new Pacing(trace, 1_000);

        assertThat(pacing.limitAt(0)).isEqualTo(1);
        assertThat(pacing.limitAt(97)).isEqualTo(1);
        assertThat(pacing.limitAt(99)).isEqualTo(2);
        assertThat(pacing.limitAt(979)).isEqualTo(2);
        assertThat(pacing.limitAt(980)).isEqualTo(3);
    }
}
