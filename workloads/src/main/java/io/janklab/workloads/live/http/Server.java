package io.janklab.workloads.live.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// The JDK's HTTP server on loopback, a virtual thread for each request.
public final class Server implements AutoCloseable {
    /// Nothing is loaded from elsewhere, and no markup contains scripts or styles of its own.
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cache-Control", "no-store");

    static {
        // Slow senders are cut off; read by the JDK when the first server is made.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxReqHeaders", "100");
        System.setProperty("jdk.httpserver.maxConnections", "256");
    }

    /// Answers the requests that may pass.
    @FunctionalInterface
    public interface Handler {
        void handle(Exchange exchange) throws IOException;
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Guard guard;
    private final Semaphore exchanges;
    private final Handler handler;

    /// @param port 0 for any that is free
    /// @throws IOException if the port is not available
    public Server(int port, Limits limits, Handler handler) throws IOException {
        this.handler = handler;
        exchanges = new Semaphore(limits.exchanges());
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        guard = new Guard(limits, port());
        http.createContext("/", this::pass);
        http.setExecutor(threads);
        http.start();
    }

    public int port() {
        return http.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            HEADERS.forEach(headers::set);
            Exchange one = new Exchange(exchange);
            Refusal refusal = guard.refusal(exchange.getRequestMethod(), exchange.getRequestHeaders(),
                    exchange.getRequestURI().getRawQuery());
            if (refusal != null) {
                headers.set("Connection", "close");
                one.refuse(refusal);
            } else if (!exchanges.tryAcquire()) {
                one.refuse(new Refusal(Refusal.BUSY, "Too many requests are under way; try again in a moment."));
            } else {
                try {
                    handler.handle(one);
                } finally {
                    exchanges.release();
                }
            }
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
