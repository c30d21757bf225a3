package io.janklab.workloads.cli;

import io.janklab.workloads.cli.live.LivePlanner;
import io.janklab.workloads.live.LiveServer;
import io.janklab.workloads.live.ask.Planner;
import io.janklab.workloads.live.http.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The server of `janklab serve` as tests of other packages use it.
public final class ServedPage {
    private static final long LONGEST_NS = 60_000_000_000L;

    private ServedPage() {}

    /// What judges its questions.
    public static Planner planner() {
        return new LivePlanner(Map.of(), LONGEST_NS);
    }

    /// @param port 0 for any that is free
    public static LiveServer start(int port, Limits limits) throws IOException {
        LivePlanner planner = new LivePlanner(Map.of(), LONGEST_NS);
        return new LiveServer(port, planner, planner, List.of(), limits);
    }
}
