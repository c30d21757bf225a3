package io.janklab.workloads.live;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.file.Unfinished;
import io.janklab.dashboards.report.html.ReportParts;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.live.ask.Fault;
import io.janklab.workloads.live.ask.Plan;
import io.janklab.workloads.live.ask.Planner;
import io.janklab.workloads.live.ask.Question;
import io.janklab.workloads.live.compute.Cancellation;
import io.janklab.workloads.live.compute.LiveAnswer;
import io.janklab.workloads.live.compute.Simulator;
import io.janklab.workloads.live.http.EventStream;
import io.janklab.workloads.live.http.Exchange;
import io.janklab.workloads.live.http.Query;
import io.janklab.workloads.live.http.Refusal;
import io.janklab.workloads.sweep.RunSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/// The requests of the comparing page: answers as they come, and the files of complete ones.
final class ComparePage {
    /// The page's question where its URL says nothing (`state.js`).
    private static final SequencedMap<String, String> FIRST = Query.parse("scenario=scroll&seeds=10&duration=5s");

    private final Planner planner;
    private final Simulator simulator;
    private final Streams streams;
    private final ServerMeters meters;

    ComparePage(Planner planner, Simulator simulator, Streams streams, ServerMeters meters) {
        this.planner = planner;
        this.simulator = simulator;
        this.streams = streams;
        this.meters = meters;
    }

    /// Events: `plan`, then `progress` and `result` in turn, or a `fault` and its field.
    void stream(Exchange exchange) throws IOException {
        SequencedMap<String, String> query = exchange.query();
        int seen = seen(exchange.lastEventId());
        streams.answer(exchange, query, (events, cancellation) -> answer(new Question(query), seen, events, cancellation),
                refused -> Fault.of(new Question(query), planner, refused));
    }

    /// How many seeds the results had that the page received before the stream broke; -1 for none.
    private static int seen(String lastEventId) {
        return lastEventId != null && lastEventId.matches("\\d{1,6}") ? Integer.parseInt(lastEventId) : -1;
    }

    private void answer(Question question, int seen, EventStream events, Cancellation cancellation) {
        long asked = System.nanoTime();
        Plan plan = planner.plan(question);
        events.send("plan", null, Streams.json(plan(plan)));
        new LiveAnswer(plan, simulator, cancellation).work(new LiveAnswer.Listener() {
            private boolean curves;

            @Override
            public void progress(int ended, int runs) {
                events.send("progress", null, Streams.json(Map.of("ended", ended, "runs", runs)));
            }

            @Override
            public void result(Experiment experiment, int seeds) {
                cancellation.check();
                if (seeds > seen) {
                    events.send("result", String.valueOf(seeds), json(experiment, seeds, plan.seeds()));
                }
                if (!curves) {
                    curves = true;
                    meters.firstCurve(System.nanoTime() - asked);
                }
            }
        });
    }

    private static Map<String, Object> plan(Plan plan) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("command", plan.command());
        json.put("files", plan.files());
        json.put("seeds", plan.seeds());
        json.put("sides", plan.runs(0).stream().map(RunSpec::setting).toList());
        json.put("notes", plan.notes());
        return json;
    }

    private static String json(Experiment experiment, int seeds, int of) {
        ObjectNode json = ReportParts.of(experiment);
        json.put("seeds", seeds).put("of", of);
        return json.toString();
    }

    /// The file of that name, as `compare` would write it.
    void download(Exchange exchange, String file) throws IOException {
        try (Unfinished scratch = Unfinished.beside(Path.of(System.getProperty("java.io.tmpdir"), "janklab-serve"))) {
            Path path = scratch.contents().resolve("file");
            Plan plan = planner.plan(new Question(exchange.query()));
            if (!plan.files().contains(file)) {
                exchange.refuse(new Refusal(Refusal.NOT_FOUND, "There is no such file; there is " + String.join(", ", plan.files()) + "."));
                return;
            }
            write(plan, file, path);
            exchange.download(file, path);
        } catch (BadInput e) {
            exchange.refuse(new Refusal(Refusal.BAD_REQUEST, e.getMessage()));
        }
    }

    private void write(Plan plan, String file, Path path) throws IOException {
        Cancellation never = new Cancellation();
        var results = new LiveAnswer(plan, simulator, never).results();
        IOException failure = simulator.cores().run(never, () -> {
            try {
                plan.write(file, results, path);
                return null;
            } catch (IOException e) {
                return e;
            }
        });
        if (failure != null) {
            throw failure;
        }
    }

    /// Answers the page's first question in advance, and so has the code compiled that answers others.
    void warmUp(Cancellation cancellation) {
        try {
            Plan plan = planner.plan(new Question(FIRST));
            new LiveAnswer(plan, simulator, cancellation).work(new LiveAnswer.Listener() {
                @Override
                public void progress(int ended, int runs) {}

                @Override
                public void result(Experiment experiment, int seeds) {
                    json(experiment, seeds, plan.seeds());
                    if (seeds == 1) {
                        cancellation.cancel();
                    }
                }
            });
        } catch (Cancellation.Cancelled e) {
            // Enough, or a page has asked something.
        }
    }
}
