package io.janklab.dashboards.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Serves meters at `/metrics` on the loopback interface, as Prometheus text. Each peer has a thread of its own, so that a peer that never
/// completes its request, or never reads the answer, delays only itself.
public final class MetricsServer implements AutoCloseable {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NO_BODY = -1;

    private final LiveMeters meters;
    private final HttpServer server;
    private final ExecutorService peers = Executors.newVirtualThreadPerTaskExecutor();

    /// @param port 0 for any that is free
    /// @throws IOException if the port is not available
    public MetricsServer(LiveMeters meters, int port) throws IOException {
        this.meters = meters;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/metrics", this::answer);
        server.setExecutor(peers);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, NO_BODY);
            } else {
                exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
                exchange.sendResponseHeaders(OK, 0);
                try (OutputStream body = exchange.getResponseBody()) {
                    MetricsText.write(meters.read(), body);
                }
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        peers.shutdownNow();
    }
}
