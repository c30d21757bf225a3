package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;
import org.jspecify.annotations.Nullable;

/// This host, for tests that record it.
public final class RecordingHost {
    private RecordingHost() {}

    /// Why nothing can be recorded here, in a sentence; null if something can.
    public static @Nullable String obstacle() {
        try {
            Tracefs.find();
            return null;
        } catch (BadInput e) {
            return e.getMessage();
        }
    }
}
