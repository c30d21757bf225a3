package io.janklab.dashboards.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Chromium without a window, driven through its chromedriver by the W3C WebDriver protocol: what tests of pages need of it.
public final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String session;

    /// @param profile an empty folder for the browser to keep its state in
    public Browser(Path profile) throws IOException {
        driver = new ProcessBuilder(DRIVER.toString(), "--port=0").redirectErrorStream(true).start();
        String server = "http://127.0.0.1:" + port();
        JsonNode started = send("POST", server + "/session", Map.of("capabilities", Map.of("alwaysMatch", capabilities(profile))));
        session = server + "/session/" + started.get("sessionId").stringValue();
    }

    public static boolean isInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    private String port() throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return port.group(1);
            }
        }
        throw new IOException("chromedriver ended before it had a port");
    }

    private static Map<String, Object> capabilities(Path profile) {
        List<String> arguments = List.of(
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + profile);
        return Map.of(
                "goog:chromeOptions", Map.of("binary", CHROMIUM.toString(), "args", arguments),
                "goog:loggingPrefs", Map.of("browser", "ALL"));
    }

    /// Opens a file.
    public void open(Path page) {
        open(page.toUri().toString());
    }

    public void open(String url) {
        post("/url", Map.of("url", url));
    }

    /// As the button in the browser's corner does.
    public void goBack() {
        post("/back", Map.of());
    }

    public void reload() {
        post("/refresh", Map.of());
    }

    /// Opens another tab and switches to it; returns the name of the previous one.
    public String openTab() {
        String before = send("GET", session + "/window", null).stringValue();
        turnTo(post("/window/new", Map.of("type", "tab")).get("handle").stringValue());
        return before;
    }

    /// Closes the tab; the caller must switch to another.
    public void closeTab() {
        send("DELETE", session + "/window", null);
    }

    public void turnTo(String tab) {
        post("/window", Map.of("handle", tab));
    }

    /// Waits until `expression` is true; it may refer to elements that do not exist yet.
    ///
    /// @throws AssertionError if it is not so in time
    public void await(String expression) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!run("try { return Boolean(" + expression + ") } catch { return false }").booleanValue()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not so after " + PATIENCE.toSeconds() + " s: " + expression + "; the page says: "
                        + run("return document.body.innerText"));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// A screenshot of the window, as PNG.
    public byte[] screenshot() {
        return Base64.getDecoder().decode(send("GET", session + "/screenshot", null).stringValue());
    }

    /// The result of `script`, the body of a function.
    public JsonNode run(String script) {
        return post("/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /// Everything that pages of ours wrote to the console since the last call: warnings and errors too. Without a network Chromium
    /// complains of its own new tab.
    public List<String> console() {
        List<String> lines = new ArrayList<>();
        post("/se/log", Map.of("type", "browser")).forEach(entry -> {
            String message = entry.get("message").stringValue();
            if (!message.startsWith("chrome://")) {
                lines.add(entry.get("level").stringValue() + " " + message);
            }
        });
        return lines;
    }

    /// Moves the pointer over the first element that `selector` finds.
    public void pointAt(String selector) {
        Map<String, Object> move = Map.of("type", "pointerMove", "duration", 0, "x", 0, "y", 0, "origin", Map.of(ELEMENT, find(selector)));
        act(Map.of("type", "pointer", "id", "mouse", "actions", List.of(move)));
    }

    public void click(String selector) {
        post("/element/" + find(selector) + "/click", Map.of());
    }

    /// Presses keys one after the other; special ones by their WebDriver code points, such as `\uE014` for the right arrow.
    public void press(String keys) {
        List<Map<String, Object>> actions = new ArrayList<>();
        keys.chars().mapToObj(Character::toString).forEach(key -> {
            actions.add(Map.of("type", "keyDown", "value", key));
            actions.add(Map.of("type", "keyUp", "value", key));
        });
        act(Map.of("type", "key", "id", "keyboard", "actions", actions));
    }

    private void act(Map<String, Object> source) {
        post("/actions", Map.of("actions", List.of(source)));
    }

    private String find(String selector) {
        return post("/element", Map.of("using", "css selector", "value", selector)).get(ELEMENT).stringValue();
    }

    /// A screen of that width (CSS pixels), as a phone's.
    public void becomeWide(int width) {
        become(width, 844);
    }

    /// A screen of that size (CSS pixels).
    public void become(int width, int height) {
        devTools("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 800));
    }

    public void prefer(String colourScheme) {
        devTools("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colourScheme))));
    }

    private void devTools(String command, Map<String, Object> parameters) {
        post("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private JsonNode post(String path, Object body) {
        return send("POST", session + path, body);
    }

    private JsonNode send(String method, String url, Object body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .method(method, body == null
                            ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode value = JSON.readTree(response.body()).get("value");
            if (response.statusCode() != 200) {
                throw new IllegalStateException(url + ": " + value);
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", session, Map.of());
        } finally {
            driver.destroy();
            http.close();
        }
    }
}
