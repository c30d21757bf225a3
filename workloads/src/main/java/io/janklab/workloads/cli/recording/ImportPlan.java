package io.janklab.workloads.cli.recording;

import io.janklab.workloads.recording.RecordedCase;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// `janklab import`, read and checked.
///
/// @param file the recording
/// @param hints what the user says of it
/// @param nullTest whether it is replayed under its own kernel too
/// @param costs gets the machine it was made on, as a device's file; null for none
record ImportPlan(Path file, RecordedCase.Hints hints, boolean nullTest, @Nullable Path costs) {
    RecordedCase read() {
        return nullTest ? RecordedCase.open(file, hints) : RecordedCase.read(file, hints);
    }
}
