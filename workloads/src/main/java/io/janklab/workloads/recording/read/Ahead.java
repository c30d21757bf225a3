package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads on a thread of its own, a few thousand events ahead of their consumer: a text is parsed on one core while another rebuilds.
final class Ahead {
    private static final int BATCH = 512;
    private static final int MOST_BATCHES = 8;

    /// @param isLast nothing follows
    private record Batch(List<RecordedEvent> events, boolean isLast) {}

    private final BlockingQueue<Batch> ready = new ArrayBlockingQueue<>(MOST_BATCHES);
    private List<RecordedEvent> batch = new ArrayList<>(BATCH);
    private volatile @Nullable Throwable failure;

    private Ahead() {}

    /// Runs `reading` to its end, which gives it events; `events` receives all of them, in this thread and in their order.
    ///
    /// @throws RuntimeException what either throws, after the events before it
    static void read(Consumer<Consumer<RecordedEvent>> reading, Consumer<RecordedEvent> events) {
        Ahead ahead = new Ahead();
        Thread reader = Thread.ofPlatform().daemon().name("recording-reader").start(() -> ahead.produce(reading));
        try {
            ahead.consume(events);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            reader.interrupt();
        }
        if (ahead.failure instanceof Error error) {
            throw error;
        } else if (ahead.failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void produce(Consumer<Consumer<RecordedEvent>> reading) {
        try {
            reading.accept(this::give);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        try {
            ready.put(new Batch(batch, true));
        } catch (InterruptedException e) {
            // It is no longer awaited.
        }
    }

    private void give(RecordedEvent event) {
        batch.add(event);
        if (batch.size() == BATCH) {
            try {
                ready.put(new Batch(batch, false));
            } catch (InterruptedException e) {
                throw new IllegalStateException("given up", e);
            }
            batch = new ArrayList<>(BATCH);
        }
    }

    private void consume(Consumer<RecordedEvent> events) throws InterruptedException {
        Batch some;
        do {
            some = ready.take();
            some.events.forEach(events);
        } while (!some.isLast);
    }
}
