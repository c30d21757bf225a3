package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import org.jspecify.annotations.Nullable;

/// Lines of a text come in the order of their times. One after which times return to where they were has lost or gained a digit: it is not
/// understood. Where they go back and stay there, several recordings follow each other, and that is said.
final class TimeOrder {
    /// No core's clock is so far from another's.
    private static final long FAR_NS = 10_000_000_000L;

    private long latest = -1;
    private @Nullable RecordedEvent far;
    private long farLine;

    void accept(RecordedEvent event, long line, Source.Output output) {
        RecordedEvent waiting = far;
        if (waiting != null) {
            far = null;
            boolean isAlone = waiting.ns() > latest ? event.ns() < waiting.ns() - FAR_NS : event.ns() > waiting.ns() + FAR_NS;
            if (isAlone) {
                output.report().misunderstand(farLine);
            } else {
                if (waiting.ns() < latest) {
                    output.report().disorder();
                }
                give(waiting, output);
            }
        }
        if (latest >= 0 && Math.abs(event.ns() - latest) > FAR_NS) {
            far = event;
            farLine = line;
        } else {
            give(event, output);
        }
    }

    private void give(RecordedEvent event, Source.Output output) {
        latest = event.ns();
        output.accept(event);
    }

    /// After the last line.
    void finish(Source.Output output) {
        if (far != null) {
            output.accept(far);
            far = null;
        }
    }
}
