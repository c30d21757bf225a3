package io.janklab.workloads.live.litmus;

import io.janklab.explore.Finding;
import io.janklab.explore.Step;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;

/// The result of an exploration, for a page to play. As maps, for JSON.
public final class Playback {
    private final LitmusPlan plan;
    private final Verdict verdict;

    private Playback(LitmusPlan plan, Verdict verdict) {
        this.plan = plan;
        this.verdict = verdict;
    }

    /// Explores on one host thread. Whatever `progress` throws ends it.
    ///
    /// @param progress called with the number of further schedules
    public static Playback of(LitmusPlan plan, LongConsumer progress) {
        Explorer explorer = new Explorer(plan.spec()).strategy(plan.strategy()).schedules(plan.schedules()).threads(1);
        return new Playback(plan, explorer.progress(progress).explore());
    }

    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("litmus", plan.spec().litmus().name());
        json.put("story", plan.spec().litmus().story());
        json.put("kernel", plan.spec().kernel().name());
        json.put("sentence", sentence());
        if (verdict.finding() != null) {
            finding(json, verdict.finding());
        }
        return json;
    }

    private String sentence() {
        Finding finding = verdict.finding();
        String count = String.format(Locale.ROOT, "%,d %s by %s", verdict.schedules(), verdict.schedules() == 1 ? "schedule" : "schedules",
                verdict.strategy());
        if (finding != null) {
            return "Broken: " + finding.rule().lines().findFirst().orElse("") + " (" + count + ").";
        }
        return verdict.complete() ? "No schedule breaks a rule: " + count + ", all there are." : "No schedule broke a rule: " + count + ".";
    }

    private void finding(Map<String, Object> json, Finding finding) {
        json.put("rule", finding.rule());
        json.put("schedule", finding.schedule().toString());
        json.put("command", plan.again() + " --strategy replay:" + finding.schedule());
        json.put("columns", finding.steps().stream().map(Step::who).distinct().toList());
        List<Map<String, Object>> steps = new ArrayList<>();
        finding.steps().forEach(step -> steps.add(step(step)));
        json.put("steps", steps);
    }

    private static Map<String, Object> step(Step step) {
        return Map.of("number", step.number(), "who", step.who(), "does", step.does(), "holds", step.holds(), "row",
                LockState.row(step.holds()));
    }
}
