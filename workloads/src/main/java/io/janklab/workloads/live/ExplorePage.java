package io.janklab.workloads.live;

import io.janklab.explore.litmus.KnownCatch;
import io.janklab.explore.litmus.Litmuses;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.live.ask.Fault;
import io.janklab.workloads.live.compute.Cancellation;
import io.janklab.workloads.live.compute.Cores;
import io.janklab.workloads.live.http.EventStream;
import io.janklab.workloads.live.http.Exchange;
import io.janklab.workloads.live.litmus.LitmusPlan;
import io.janklab.workloads.live.litmus.LitmusPlanner;
import io.janklab.workloads.live.litmus.LitmusQuestion;
import io.janklab.workloads.live.litmus.LockState;
import io.janklab.workloads.live.litmus.Playback;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;

/// The requests of the Explore page: what there is to explore, and schedules that break a rule.
final class ExplorePage {
    private final LitmusPlanner planner;
    private final Cores cores;
    private final Streams streams;

    ExplorePage(LitmusPlanner planner, Cores cores, Streams streams) {
        this.planner = planner;
        this.cores = cores;
        this.streams = streams;
    }

    static Map<String, Object> choices() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("litmuses", Litmuses.ALL.stream().map(litmus -> Map.of("name", litmus.name(), "story", litmus.story())).toList());
        all.put("rules", Switch.rules().stream().map(rule -> Map.of("key", rule.key(), "meaning", rule.meaning())).toList());
        all.put("catches", KnownCatch.ALL.stream().map(ExplorePage::known).toList());
        all.put("kernels", Arrays.stream(KernelVersion.values()).map(KernelVersion::label).toList());
        all.put("kernel", KnownCatch.KERNEL.label());
        all.put("architecture", KnownCatch.ARCHITECTURE == Architecture.X86_64 ? "x86-64" : "arm64");
        all.put("lockStates", LockState.TABLE);
        return all;
    }

    /// The exploration that catches a kernel without that rule.
    private static Map<String, String> known(KnownCatch each) {
        String setting = each.setting() == null ? "" : each.setting();
        return Map.of("rule", each.rule().key(), "litmus", each.litmus().name(), "strategy", each.strategy().toString(), "set", setting);
    }

    /// Events: `progress`, then `playback`; or a `fault` and its field.
    void stream(Exchange exchange) throws IOException {
        SequencedMap<String, String> query = exchange.query();
        streams.answer(exchange, query, (events, cancellation) -> play(new LitmusQuestion(query), events, cancellation),
                refused -> new Fault(field(refused.getMessage()), refused.getMessage()));
    }

    private void play(LitmusQuestion question, EventStream events, Cancellation cancellation) {
        LitmusPlan plan = planner.plan(question);
        AtomicLong schedules = new AtomicLong();
        Playback playback = cores.run(cancellation, () -> Playback.of(plan, more -> {
            cancellation.check();
            long all = schedules.addAndGet(more);
            if (more > 0) {
                events.send("progress", null, Streams.json(Map.of("schedules", all, "most", plan.schedules())));
            }
        }));
        events.send("playback", null, Streams.json(playback.json()));
    }

    /// Each field has sentences of its own.
    private static String field(String sentence) {
        if (sentence.contains("litmus")) {
            return "litmus";
        }
        if (sentence.contains("--strategy")) {
            return "strategy";
        }
        return sentence.contains("rule") ? "rule" : sentence.contains("kernel") ? "kernel" : sentence.contains("--arch") ? "arch" : "";
    }
}
