package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The events of a recording that a test has written.
abstract class ReadEvents {
    final List<RecordedEvent> events = new ArrayList<>();

    final ReadReport read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    final ReadReport read(byte[] bytes) {
        try {
            return Recording.read("test", new ByteArrayInputStream(bytes), events::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final <E extends RecordedEvent> List<E> all(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
