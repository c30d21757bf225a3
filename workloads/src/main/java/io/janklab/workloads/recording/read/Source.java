package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.IOException;
import java.io.InputStream;

/// A reader of one format.
interface Source {
    /// Reads the whole input.
    ///
    /// @throws IOException if the bytes cannot be read
    void read(InputStream in, Output output) throws IOException;

    /// Where events go, in order.
    interface Output {
        void accept(RecordedEvent event);

        ReadReport report();
    }
}
