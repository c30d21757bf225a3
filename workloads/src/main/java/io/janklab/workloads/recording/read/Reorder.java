package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.IOException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Brings events into the order of their times. Formats with a buffer for each core or each writer have them out of order by as much as
/// such a buffer holds: events older than the newest by more than [#WINDOW_NS] are taken to be complete.
///
/// A bundle of events is held back as the bytes it is, an eighth of its events' size, and read when its first event is due.
final class Reorder implements Source.Output {
    private static final long WINDOW_NS = 10_000_000_000L;
    private static final long FAR_NS = 300_000_000_000L;
    /// No more are held back, whatever their times: about as many MiB.
    private static final int MOST_EVENTS = 150_000;
    private static final long MOST_BYTES = 24 << 20;

    /// Gives the events of a bundle to an output.
    interface Bundle {
        void read(Source.Output output) throws IOException;
    }

    /// @param event null for a bundle
    /// @param bundle null for an event
    private record Waiting(@Nullable RecordedEvent event, @Nullable Bundle bundle, int bytes, long ns, long order)
            implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return ns != other.ns ? Long.compare(ns, other.ns) : Long.compare(order, other.order);
        }
    }

    private final Source.Output output;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private long newest = Long.MIN_VALUE;
    /// The time of the event before, if it was too far from those before; else −1.
    private long far = -1;
    private long handedOver = Long.MIN_VALUE;
    private long order;
    private long bytes;

    Reorder(Source.Output output) {
        this.output = output;
    }

    @Override
    public void accept(RecordedEvent event) {
        if (event.ns() < 0) {
            output.accept(event);
        } else {
            wait(event);
        }
    }

    /// Takes a bundle whose first event is at `ns`, and gives what is due.
    ///
    /// @param size in bytes
    void take(Bundle bundle, int size, long ns) throws IOException {
        // Its events' own times are judged when it is read.
        newest = isFar(ns) ? newest : Math.max(newest, ns);
        bytes += size;
        waiting.add(new Waiting(null, bundle, size, Math.max(ns, handedOver), order++));
        handOver();
    }

    private void wait(RecordedEvent event) {
        long ns = event.ns();
        if (isFar(ns)) {
            output.report().misplace();
            return;
        }
        if (ns < handedOver) {
            output.report().disorder();
            ns = handedOver;
        }
        newest = Math.max(newest, ns);
        waiting.add(new Waiting(event, null, 0, ns, order++));
    }

    /// Whether a time is damaged: minutes from the newest, and from that of the event before if that was as far.
    private boolean isFar(long ns) {
        if (newest == Long.MIN_VALUE || Math.abs(ns - newest) <= FAR_NS) {
            far = -1;
            return false;
        }
        boolean isAlone = far < 0 || Math.abs(ns - far) > FAR_NS;
        far = ns;
        newest = isAlone ? newest : ns;
        return isAlone;
    }

    /// Gives what is due.
    void handOver() throws IOException {
        while (!waiting.isEmpty() && (waiting.size() > MOST_EVENTS || bytes > MOST_BYTES || waiting.peek().ns < newest - WINDOW_NS)) {
            handOverFirst();
        }
    }

    private void handOverFirst() throws IOException {
        Waiting first = waiting.remove();
        handedOver = first.ns;
        if (first.event != null) {
            output.accept(first.event);
        } else if (first.bundle != null) {
            bytes -= first.bytes;
            first.bundle.read(this);
        }
    }

    void flush() throws IOException {
        while (!waiting.isEmpty()) {
            handOverFirst();
        }
    }

    @Override
    public ReadReport report() {
        return output.report();
    }
}
