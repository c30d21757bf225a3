package io.janklab.workloads.cli;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.Step;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What an exploration has come to, for people or for programs.
final class ExploreText {
    private static final int NS_PER_US = 1_000;

    private final ExploreSpec spec;
    private final Strategy strategy;
    private final Verdict verdict;
    private final long tookNs;

    ExploreText(ExploreSpec spec, Strategy strategy, Verdict verdict, long tookNs) {
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
        return ran + (verdict.finding() != null ? ": broken." : verdict.complete() ? ": all there are; none breaks a rule." : ": none breaks a rule.");
    }

    private void finding(StringBuilder out, Finding finding) {
        out.append("Broken: ").append(finding.rule()).append("\n\n");
        out.append(table(finding));
        out.append("\nTo see it again: janklab explore ").append(spec.litmus().name()).append(" --strategy replay:").append(finding.schedule()).append('\n');
    }

    /// A column for each actor, a row for each step.
    private static String table(Finding finding) {
        List<String> actors = new ArrayList<>();
        finding.steps().stream().map(Step::who).filter(who -> !actors.contains(who)).forEach(actors::add);
        List<Integer> widths = actors.stream()
                .map(actor -> finding.steps().stream().filter(step -> step.who().equals(actor)).mapToInt(step -> step.does().length()).max().orElse(0))
                .toList();
        StringBuilder out = new StringBuilder("step");
        for (int i = 0; i < actors.size(); i++) {
            out.append(String.format("  %-" + Math.max(widths.get(i), actors.get(i).length()) + "s", actors.get(i)));
        }
        out.append("  holds\n");
        for (Step step : finding.steps()) {
            out.append(String.format("%4d", step.number()));
            for (int i = 0; i < actors.size(); i++) {
                String cell = step.who().equals(actors.get(i)) ? step.does() : "";
                out.append(String.format("  %-" + Math.max(widths.get(i), actors.get(i).length()) + "s", cell));
            }
            out.append("  ").append(step.holds()).append('\n');
        }
        return out.toString();
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
            json.put("finding", verdict.finding());
        }
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(json) + "\n";
    }
}
