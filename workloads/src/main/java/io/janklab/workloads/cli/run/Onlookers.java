package io.janklab.workloads.cli.run;

import io.janklab.dashboards.metrics.LiveMeters;
import io.janklab.dashboards.metrics.MetricsServer;
import io.janklab.dashboards.metrics.Metronome;
import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.workloads.cli.plan.Pace;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Audience;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Holds runs to a pace and serves their meters meanwhile. Neither changes a run: it only waits, between two events.
final class Onlookers implements Audience, AutoCloseable {
    /// In virtual time: a request waits no longer than the host needs to simulate this.
    private static final long PAUSE_EVERY_NS = 10_000_000;

    private final LiveMeters meters = new LiveMeters();
    private final @Nullable Pace pace;
    private final @Nullable MetricsServer server;

    /// @param port to serve on, 0 for any that is free; null for none
    /// @throws BadInput if the port is not available
    Onlookers(@Nullable Pace pace, @Nullable Integer port) {
        this.pace = pace;
        try {
            this.server = port == null ? null : new MetricsServer(meters, port);
        } catch (IOException e) {
            throw new BadInput("--serve cannot have port " + port + " (" + e.getMessage() + ").");
        }
    }

    /// The address of the meters, or null.
    @Nullable String url() {
        return server == null ? null : "http://127.0.0.1:" + server.port() + "/metrics";
    }

    @Override
    public Seat attend(RunMetrics runMeters) {
        LiveMeters.Feed feed = meters.begin(runMeters);
        long began = System.nanoTime();
        Metronome metronome = new Metronome(PAUSE_EVERY_NS, now -> feed.pauseUntil(began + Objects.requireNonNull(pace).hostNs(now)));
        return new Seat() {
            @Override
            public TraceListener listener() {
                return metronome;
            }

            @Override
            public void close() {
                feed.end();
            }
        };
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
