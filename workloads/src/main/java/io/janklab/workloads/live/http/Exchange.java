package io.janklab.workloads.live.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One request and its answer.
public final class Exchange {
    private static final int OK = 200;
    private static final int NO_BODY = -1;
    private static final int CHUNKED = 0;
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml", "json", "application/json", "txt", "text/plain; charset=utf-8");

    private final HttpExchange http;

    Exchange(HttpExchange http) {
        this.http = http;
    }

    public String path() {
        return http.getRequestURI().getPath();
    }

    public boolean isPost() {
        return http.getRequestMethod().equals("POST");
    }

    public SequencedMap<String, String> query() {
        return Query.parse(http.getRequestURI().getRawQuery());
    }

    /// The id of the last event that the browser has seen of a stream that broke; null if none has.
    public String lastEventId() {
        return http.getRequestHeaders().getFirst("Last-Event-ID");
    }

    /// @param ending of a file of that type, such as `html`
    public void send(String ending, String text) throws IOException {
        send(OK, TYPES.get(ending), text);
    }

    /// @param type of the content, as HTTP names it
    public void sendAs(String type, String text) throws IOException {
        send(OK, type, text);
    }

    public void refuse(Refusal refusal) throws IOException {
        send(refusal.status(), TYPES.get("txt"), refusal.sentence() + "\n");
    }

    private void send(int status, @Nullable String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", type);
        http.sendResponseHeaders(status, bytes.length == 0 ? NO_BODY : bytes.length);
        http.getResponseBody().write(bytes);
    }

    /// A file to be downloaded under that name.
    public void download(String name, Path file) throws IOException {
        http.getResponseHeaders().set("Content-Type", "application/octet-stream");
        http.getResponseHeaders().set("Content-Disposition", "attachment; filename=\"" + name.replaceAll("[^\\w.+=@-]", "_") + "\"");
        http.sendResponseHeaders(OK, Files.size(file));
        try (OutputStream body = http.getResponseBody()) {
            Files.copy(file, body);
        }
    }

    /// Begins a stream of events.
    ///
    /// @param gone called when the browser has gone
    public EventStream stream(Runnable gone) throws IOException {
        http.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        http.sendResponseHeaders(OK, CHUNKED);
        return new EventStream(http.getResponseBody(), gone);
    }
}
