package io.janklab.workloads.live;

import io.janklab.dashboards.report.html.FrontEnd;
import io.janklab.workloads.live.ask.PageChoices;
import io.janklab.workloads.live.ask.Planner;
import io.janklab.workloads.live.compute.Cancellation;
import io.janklab.workloads.live.compute.Cores;
import io.janklab.workloads.live.compute.RunCache;
import io.janklab.workloads.live.compute.Simulator;
import io.janklab.workloads.live.compute.Views;
import io.janklab.workloads.live.http.Assets;
import io.janklab.workloads.live.http.Exchange;
import io.janklab.workloads.live.http.Limits;
import io.janklab.workloads.live.http.Refusal;
import io.janklab.workloads.live.http.Server;
import io.janklab.workloads.live.litmus.LitmusPlanner;
import java.io.IOException;
import java.util.List;

/// `janklab serve`: two pages on loopback, Compare at `/` and Explore at `/explore.html`, and their requests.
///
/// | path | what it is |
/// |---|---|
/// | `/compare?STATE` | stream: an answer as it is worked out |
/// | `/file/NAME?STATE` | a file that `janklab compare` would write |
/// | `/litmus?STATE` | stream: a schedule that breaks a rule |
/// | `/cancel?view=NAME` | POST: that view wants nothing any more |
/// | `/choices.json`, `/litmuses.json` | what there is to choose from |
/// | `/metrics`, `/health` | the server's meters; that it lives |
public final class LiveServer implements AutoCloseable {
    private static final List<String> FILES = List.of(
            "index.html", "explore.html", "live.css", "icon.svg", "compare.js", "explore.js", "form.js", "panel.js", "state.js",
            "stream.js", "tour.js", "tour.json", "dom.js");
    private static final String FILE = "/file/";
    /// The most memory that a run's result may take.
    private static final long RESULT_BYTES = 16L << 20;

    private final Views views = new Views();
    private final ComparePage compare;
    private final ExplorePage explore;
    private final ServerMeters meters;
    private final Assets own = Assets.at("/", FILES, file -> Assets.resource(LiveServer.class, file));
    private final Assets reports = Assets.at("/report/", FrontEnd.files(), FrontEnd::text);
    private final String choices;
    private final String litmuses;
    private final Cancellation warmUp = new Cancellation();
    private final Server server;

    /// @param port       0 for any that is free
    /// @param recordings the names of the planner's recordings
    /// @throws IOException if the port is not available
    public LiveServer(int port, Planner planner, LitmusPlanner litmusPlanner, List<String> recordings, Limits limits) throws IOException {
        RunCache cache = new RunCache(Math.clamp(Runtime.getRuntime().maxMemory() / 2 / RESULT_BYTES, 8, 4096));
        Simulator simulator = new Simulator(new Cores(Runtime.getRuntime().availableProcessors()), cache);
        meters = new ServerMeters(simulator, cache, views);
        Streams streams = new Streams(limits, views, meters);
        compare = new ComparePage(planner, simulator, streams, meters);
        explore = new ExplorePage(litmusPlanner, simulator.cores(), streams);
        choices = Streams.json(PageChoices.of(recordings));
        litmuses = Streams.json(ExplorePage.choices());
        server = new Server(port, limits, this::route);
    }

    /// Prepares for the first question, in the background, until there is one.
    public LiveServer warmingUp() {
        Thread.ofPlatform().name("live-warm-up").daemon().start(() -> compare.warmUp(warmUp));
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    private void route(Exchange exchange) throws IOException {
        String path = exchange.path();
        switch (path) {
            case "/" -> exchange.send("html", Assets.resource(LiveServer.class, "index.html"));
            case "/compare" -> {
                warmUp.cancel();
                compare.stream(exchange);
            }
            case "/litmus" -> explore.stream(exchange);
            case "/cancel" -> cancel(exchange);
            case "/choices.json" -> exchange.send("json", choices);
            case "/litmuses.json" -> exchange.send("json", litmuses);
            case "/metrics" -> exchange.sendAs(ServerMeters.TYPE, meters.scrape());
            case "/health" -> exchange.send("json", "{\"status\":\"up\"}");
            default -> {
                if (path.startsWith(FILE)) {
                    compare.download(exchange, path.substring(FILE.length()));
                } else if (!own.send(exchange) && !reports.send(exchange)) {
                    exchange.refuse(new Refusal(Refusal.NOT_FOUND, "There is no such page."));
                }
            }
        }
    }

    private void cancel(Exchange exchange) throws IOException {
        if (exchange.isPost()) {
            views.cancel(exchange.query().getOrDefault("view", ""));
        }
        exchange.send("json", "{}");
    }

    @Override
    public void close() {
        server.close();
    }
}
