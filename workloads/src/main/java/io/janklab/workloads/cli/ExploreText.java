package io.janklab.workloads.cli;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.FindingText;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What an exploration has come to, for people or for programs.
final class ExploreText {
    private static final int NS_PER_US = 1_000;

    private final ExploreSpec spec;
    private final Strategy strategy;
    private final Verdict verdict;
    private final long tookNs;
    /// Those that choose the kernel, each with a blank before it.
    private final String options;

    ExploreText(ExploreSpec spec, String options, Strategy strategy, Verdict verdict, long tookNs) {
        this.options = options;
        this.spec = spec;
        this.strategy = strategy;
        this.verdict = verdict;
        this.tookNs = tookNs;
    }

    String text() {
        StringBuilder out = new StringBuilder();
        out.append(spec.litmus().name()).append(" on ").append(spec.kernel().name()).append(": ").append(spec.litmus().story()).append("\n\n");
        verdict.outcomes().forEach((outcome, count) -> out.append(String.format(Locale.ROOT, "%,12d  %s%n", count, outcome.isEmpty() ? "ended well" : outcome)));
        out.append(String.format(Locale.ROOT, "%n%s%n", sentence()));
        if (verdict.finding() != null) {
            finding(out, verdict.finding());
        }
        return out.toString();
    }

    private String sentence() {
        double seconds = tookNs / 1e9;
        String ran = String.format(Locale.ROOT, "%,d %s by %s, %.0f steps each, in %.1f s (%,.0f a second)", verdict.schedules(),
                verdict.schedules() == 1 ? "schedule" : "schedules", strategy, (double) verdict.steps() / verdict.schedules(), seconds,
                verdict.schedules() / seconds);
        return ran + (verdict.finding() != null ? ": broken." : verdict.complete() ? ": all there are, but for equal ones; none breaks a rule." : ": none breaks a rule.");
    }

    private void finding(StringBuilder out, Finding finding) {
        out.append(new FindingText(finding)).append("\nTo see it again: ").append(again(finding)).append('\n');
    }

    /// The command that runs the schedule once more.
    private String again(Finding finding) {
        return "janklab explore " + spec.litmus().name() + options + " --strategy replay:" + finding.schedule();
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("index", finding.index());
        json.put("kind", finding.kind());
        json.put("rule", finding.rule());
        json.put("schedule", finding.schedule().toString());
        json.put("tasks", finding.tasks());
        json.put("steps", finding.steps());
        return json;
    }

    String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("litmus", spec.litmus().name());
        json.put("kernel", spec.kernel().name());
        json.put("strategy", strategy.toString());
        json.put("schedules", verdict.schedules());
        json.put("steps", verdict.steps());
        json.put("complete", verdict.complete());
        json.put("outcomes", verdict.outcomes());
        json.put("hostUs", tookNs / NS_PER_US);
        if (verdict.finding() != null) {
            json.put("replay", again(verdict.finding()));
            json.put("finding", finding(verdict.finding()));
        }
        return JsonText.of(json);
    }
}
