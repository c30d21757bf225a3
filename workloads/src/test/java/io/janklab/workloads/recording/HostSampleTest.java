package io.janklab.workloads.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.recording.event.EventKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real recording: 0.35 s of a program of three threads that map, touch, advise and unmap a few pages, by `janklab record --pid` on Linux
/// 6.18 with two busy cores. Names of other programs are replaced.
final class HostSampleTest {
    private static final String SAMPLE = "/recordings/churn.ftrace.txt.gz";

    @TempDir
    Path folder;

    private RecordedCase sample() throws IOException {
        Path file = folder.resolve("churn.ftrace.txt.gz");
        try (InputStream in = HostSampleTest.class.getResourceAsStream(SAMPLE)) {
            assertThat(in).isNotNull();
            Files.copy(in, file);
        }
        return RecordedCase.open(file, RecordedCase.Hints.NONE);
    }

    @Test
    void realRecordingIsUnderstoodToItsLastLine() throws IOException {
        RecordedCase sample = sample();

        assertThat(sample.report().misunderstood()).isZero();
        assertThat(sample.report().has(EventKind.MMAP_LOCK)).isTrue();
        assertThat(sample.workload().release).isEqualTo("6.18.44");
        assertThat(sample.summary().text()).contains("About churn").contains("100 % of its threads' time has a known cause")
                .contains("madvise(DONTNEED)", "munmap", "mmap_lock wait (write)");
    }

    @Test
    void realRecordingReplaysWithItsCallsAndFaults() throws IOException {
        RecordedCase sample = sample();
        NullTest test = sample.nullTest();

        assertThat(test.replayed().faults).isEqualTo(test.recorded().faults).isPositive();
        for (String call : List.of("mmap", "munmap", "madvise(DONTNEED)")) {
            assertThat(test.replayed().latencies.count(call)).isEqualTo(test.recorded().latencies.count(call)).isPositive();
        }
        sample.requireNullTest(RecordedCase.DEFAULT_LIMIT);
    }
}
