package io.janklab.workloads.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a live server as a page does, without a browser.
final class LiveClient implements AutoCloseable {
    /// One server-sent event; id is null if it has none.
    record Event(String name, String id, JsonNode data) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    LiveClient(LiveServer server) {
        url = server.url();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(request(path));
    }

    byte[] bytes(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    /// All events of a stream, to its end.
    List<Event> events(String path) {
        return eventsUntil(request(path), event -> false);
    }

    /// The events up to the first that `isEnough`, then the stream is left.
    List<Event> eventsUntil(HttpRequest.Builder request, Predicate<Event> isEnough) {
        List<Event> events = new ArrayList<>();
        try (InputStream body = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()).body();
                Scanner blocks = new Scanner(body, StandardCharsets.UTF_8).useDelimiter("\n\n")) {
            while (blocks.hasNext()) {
                Event event = parse(blocks.next());
                if (event != null) {
                    events.add(event);
                    if (isEnough.test(event)) {
                        break;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return events;
    }

    /// Null of a heartbeat.
    private static Event parse(String block) {
        String name = null;
        String id = null;
        String data = null;
        for (String line : block.split("\n")) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            switch (line.substring(0, Math.max(0, line.indexOf(':')))) {
                case "event" -> name = value;
                case "id" -> id = value;
                case "data" -> data = value;
                default -> {}
            }
        }
        return name == null ? null : new Event(name, id, JsonMapper.shared().readTree(data));
    }

    /// The value of a meter without tags.
    double meter(String name) {
        return get("metrics").body().lines().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1))).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
