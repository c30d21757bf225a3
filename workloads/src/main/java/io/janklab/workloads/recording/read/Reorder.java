package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.Event;
import java.util.PriorityQueue;

/// Brings events into the order of their times. Formats with a buffer for each core or each writer have them out of order by as much as
/// such a buffer holds: events older than the newest by more than [#WINDOW_NS] are taken to be complete.
final class Reorder implements Source.Output {
    private static final long WINDOW_NS = 10_000_000_000L;
    /// No more are held back, whatever their times.
    private static final int MOST = 4_000_000;

    private record Waiting(Event event, long ns, long order) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return ns != other.ns ? Long.compare(ns, other.ns) : Long.compare(order, other.order);
        }
    }

    private final Source.Output output;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private long newest = Long.MIN_VALUE;
    private long handedOver = Long.MIN_VALUE;
    private long order;

    Reorder(Source.Output output) {
        this.output = output;
    }

    @Override
    public void accept(Event event) {
        if (event.ns() < 0) {
            output.accept(event);
            return;
        }
        long ns = event.ns();
        if (ns < handedOver) {
            output.report().disorder();
            ns = handedOver;
        }
        newest = Math.max(newest, ns);
        waiting.add(new Waiting(event, ns, order++));
        while (waiting.size() > MOST || (!waiting.isEmpty() && waiting.peek().ns < newest - WINDOW_NS)) {
            handOver();
        }
    }

    private void handOver() {
        Waiting first = waiting.poll();
        handedOver = first.ns;
        output.accept(first.event);
    }

    void flush() {
        while (!waiting.isEmpty()) {
            handOver();
        }
    }

    @Override
    public ReadReport report() {
        return output.report();
    }
}
