package io.janklab.workloads.cli.live;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.live.LiveServer;
import io.janklab.workloads.live.http.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// The work of `serve`: serves until it is interrupted.
record ServeJob(PrintWriter out, PrintWriter err, ServePlan plan) implements Job {
    @Override
    public int run() {
        try (LiveServer server = start()) {
            out.println("Serving at " + server.url() + " (Ctrl-C ends it).");
            out.flush();
            if (plan.open()) {
                open(server.url());
            }
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK;
    }

    private LiveServer start() {
        LivePlanner planner = new LivePlanner(plan.recordings(), plan.longestNs());
        try {
            return new LiveServer(plan.port(), planner, planner, List.copyOf(plan.recordings().keySet()), Limits.USUAL).warmingUp();
        } catch (IOException e) {
            throw new BadInput("--port cannot have port " + plan.port() + " (" + e.getMessage() + ").");
        }
    }

    private void open(String url) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        List<String> opener = system.contains("win")
                ? List.of("cmd", "/c", "start", url)
                : List.of(system.contains("mac") ? "open" : "xdg-open", url);
        try {
            new ProcessBuilder(opener).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            err.println("janklab: --open found no browser (" + e.getMessage() + ").");
            err.flush();
        }
    }
}
