package io.janklab.workloads.live;

import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.live.ask.Fault;
import io.janklab.workloads.live.compute.Cancellation;
import io.janklab.workloads.live.compute.Views;
import io.janklab.workloads.live.http.EventStream;
import io.janklab.workloads.live.http.Exchange;
import io.janklab.workloads.live.http.Limits;
import io.janklab.workloads.live.http.Refusal;
import java.io.IOException;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/// Answers questions by streams of events, a limited number at once; however an answer ends, the page is notified.
final class Streams {
    /// Names the view that asks: a new question of the same view cancels the one before.
    private static final String VIEW = "view";

    private final Limits limits;
    private final Views views;
    private final ServerMeters meters;

    Streams(Limits limits, Views views, ServerMeters meters) {
        this.limits = limits;
        this.views = views;
        this.meters = meters;
    }

    /// Works out one answer.
    interface Work {
        void answer(EventStream events, Cancellation cancellation);
    }

    /// @param query   of the URL, from which the view's name is taken
    /// @param placing at which field a refusal is shown
    void answer(Exchange exchange, SequencedMap<String, String> query, Work work, Function<BadInput, Fault> placing) throws IOException {
        try {
            if (meters.streams().incrementAndGet() > limits.streams()) {
                exchange.refuse(new Refusal(Refusal.BUSY, "Too many pages are waiting for answers; try again in a moment."));
            } else {
                stream(exchange, query, work, placing);
            }
        } finally {
            meters.streams().decrementAndGet();
        }
    }

    private void stream(Exchange exchange, SequencedMap<String, String> query, Work work, Function<BadInput, Fault> placing)
            throws IOException {
        String view = query.getOrDefault(VIEW, Thread.currentThread().toString());
        query.remove(VIEW);
        Cancellation cancellation = views.ask(view);
        try (EventStream events = exchange.stream(cancellation::cancel)) {
            work(events, cancellation, work, placing);
        } finally {
            views.end(view, cancellation);
        }
    }

    private void work(EventStream events, Cancellation cancellation, Work work, Function<BadInput, Fault> placing) {
        long began = System.nanoTime();
        try {
            work.answer(events, cancellation);
            events.send("end", null, "{}");
            meters.answered(System.nanoTime() - began);
        } catch (BadInput e) {
            meters.refused();
            events.send("fault", null, json(placing.apply(e)));
        } catch (Cancellation.Cancelled e) {
            meters.cancelled();
            events.send("cancelled", null, "{}");
        } catch (TaskFailure e) {
            if (e.getCause() instanceof PolicyMistake) {
                failed(events, e.getMessage() + ".");
                return;
            }
            failed(events, "the simulated kernel broke a rule of its own: " + e.getMessage());
        } catch (RuntimeException e) {
            failed(events, "internal failure: " + e);
        }
    }

    private void failed(EventStream events, String sentence) {
        meters.failed();
        events.send("failure", null, json(Map.of("sentence", sentence)));
    }

    static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }
}
