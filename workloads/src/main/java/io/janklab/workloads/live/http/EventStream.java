package io.janklab.workloads.live.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Server-sent events to one browser. While there is nothing to send it sends heartbeats, so that either end notices when the other has
/// gone.
public final class EventStream implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(500);
    /// After how many ms a browser comes back when the stream has broken.
    private static final int RETRY_MS = 1000;

    private final OutputStream out;
    private final Runnable gone;
    private final ReentrantLock writing = new ReentrantLock();
    private final Thread heart;
    private volatile boolean open = true;

    /// @param gone called when the browser has gone
    EventStream(OutputStream out, Runnable gone) {
        this.out = out;
        this.gone = gone;
        write("retry: " + RETRY_MS + "\n\n");
        this.heart = Thread.ofVirtual().name("live-heart").start(this::beat);
    }

    private void beat() {
        try {
            while (open) {
                Thread.sleep(BEAT);
                write(":\n\n");
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /// @param id from which the browser may continue after a break; null for none
    /// @param data one line
    public void send(String event, @Nullable String id, String data) {
        write((id == null ? "" : "id: " + id + "\n") + "event: " + event + "\ndata: " + data + "\n\n");
    }

    private void write(String text) {
        writing.lock();
        try {
            if (open) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException e) {
            open = false;
            gone.run();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            open = false;
        } finally {
            writing.unlock();
        }
        heart.interrupt();
    }
}
