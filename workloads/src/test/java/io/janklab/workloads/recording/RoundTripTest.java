package io.janklab.workloads.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.CommandLineRun;
import io.janklab.workloads.recording.workload.ObservedFigures;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A simulated run, exported as a Perfetto trace, imported, and replayed.
final class RoundTripTest {
    @TempDir
    Path folder;

    @Test
    void exportedRunReplaysWithTheSameFrames() {
        CommandLineRun.ok("run", "--duration", "1s", "--perfetto", "--quiet", "--out", folder.toString());

        RecordedCase recorded = RecordedCase.open(folder.resolve("trace.perfetto-trace"), RecordedCase.Hints.NONE);
        NullTest test = recorded.nullTest();

        assertThat(recorded.replay().targets().getFirst().name).isEqualTo("com.example.app");
        assertThat(test.recorded().latencies.count(ObservedFigures.DO_FRAME)).isGreaterThan(60);
        assertThat(test.replayed().latencies.count(ObservedFigures.DO_FRAME))
                .isEqualTo(test.recorded().latencies.count(ObservedFigures.DO_FRAME));
        assertThat(test.replayed().latencies.count(ObservedFigures.DRAW_FRAME))
                .isEqualTo(test.recorded().latencies.count(ObservedFigures.DRAW_FRAME));
        assertThat(test.medianError()).isLessThan(0.1);
        assertThat(recorded.title()).endsWith("(modelled mm)");
    }
}
