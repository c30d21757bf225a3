package io.janklab.workloads.cli.explore;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.FindingText;
import io.janklab.explore.Verdict;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// The result of an exploration, as text or as JSON.
final class ExploreText {
    /// The least width of a kernel's name.
    static final int WIDTH = 7;

    private final ExploreSpec spec;
    /// The option that names the litmus.
    private final String subject;
    private final Verdict verdict;
    private final long tookNs;
    /// The options that choose the kernel, each with a blank before it.
    private final String options;

    ExploreText(ExploreSpec spec, String subject, String options, Verdict verdict, long tookNs) {
        this.subject = subject;
        this.options = options;
        this.spec = spec;
        this.verdict = verdict;
        this.tookNs = tookNs;
    }

    boolean isBroken() {
        return verdict.finding() != null;
    }

    boolean isComplete() {
        return verdict.complete();
    }

    private Finding finding() {
        return Objects.requireNonNull(verdict.finding());
    }

    /// The part of the result that the same exploration must always have.
    String cameTo() {
        String finding = isBroken() ? "broken by " + finding().schedule() : "nothing broken";
        return spec.litmus().name() + " on " + spec.kernel().name() + ": " + verdict.schedules() + " schedules, " + verdict.steps()
                + " steps, " + verdict.outcomes() + ", " + finding;
    }

    /// The schedule that broke, for inspection.
    ScheduleTrace trace() {
        return new ScheduleTrace(spec, finding().schedule());
    }

    /// Of a table of many, whose longest kernel's name has `width` characters.
    static String heading(int width) {
        return String.format(Locale.ROOT, "%s %-6s  %-26s %-8s %11s  %7s  %s", left("kernel", width), "arch", "litmus", "strategy",
                "schedules", "seconds", "came to");
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /// One line of it.
    String line(int width) {
        String came = isBroken() ? "broken: " + cause(finding().rule())
                : isComplete() ? "all there are"
                : verdict.cut() > 0 ? "none broken, " + verdict.cut() + " cut" : "none broken";
        return String.format(Locale.ROOT, "%s %-6s  %-26s %-8s %,11d  %7.1f  %s", left(spec.kernel().name(), width),
                ExploredKernels.label(spec.architecture()),
                spec.litmus().name(), verdict.strategy(), verdict.schedules(), tookNs / 1e9, came);
    }

    /// Its first line, or two where that is a heading alone.
    private static String cause(String rule) {
        String first = rule.lines().findFirst().orElse("");
        return first.endsWith(":") ? rule.lines().limit(2).map(String::strip).collect(Collectors.joining(" ")) : first;
    }

    String text() {
        StringBuilder out = new StringBuilder();
        String story = spec.litmus().story();
        out.append(spec.litmus().name()).append(" on ").append(spec.kernel().name()).append(story.isEmpty() ? "." : ": " + story)
                .append("\n\n");
        verdict.outcomes().forEach((outcome, count) -> out.append(
                String.format(Locale.ROOT, "%,12d  %s%n", count, outcome.isEmpty() ? "ended well" : outcome)));
        out.append(String.format(Locale.ROOT, "%n%s%n", sentence()));
        if (isBroken()) {
            finding(out, finding());
        }
        return out.toString();
    }

    private String sentence() {
        double seconds = tookNs / 1e9;
        String ran = String.format(Locale.ROOT, "%,d %s by %s, %.0f steps each, in %.1f s (%,.0f a second)",
                verdict.schedules(), verdict.schedules() == 1 ? "schedule" : "schedules", verdict.strategy(),
                (double) verdict.steps() / verdict.schedules(), seconds, verdict.schedules() / seconds);
        String cut = verdict.cut() == 0 ? "" : String.format(Locale.ROOT, "; %,d were given up, eight times as long as undisturbed",
                verdict.cut());
        return ran + (isBroken() ? ": broken."
                : isComplete() ? ": all there are, but for equal ones; none breaks a rule."
                : ": none breaks a rule" + cut + ".");
    }

    private void finding(StringBuilder out, Finding finding) {
        out.append(new FindingText(finding)).append("\nTo see it again: ").append(again(finding)).append('\n');
    }

    /// The command that replays the schedule.
    private String again(Finding finding) {
        return "janklab explore " + subject + options + " --strategy replay:" + finding.schedule();
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

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("litmus", spec.litmus().name());
        json.put("kernel", spec.kernel().name());
        json.put("arch", ExploredKernels.label(spec.architecture()));
        json.put("strategy", verdict.strategy().toString());
        json.put("schedules", verdict.schedules());
        json.put("steps", verdict.steps());
        json.put("complete", verdict.complete());
        json.put("cut", verdict.cut());
        json.put("outcomes", verdict.outcomes());
        json.put("hostUs", tookNs / 1_000);
        if (verdict.finding() != null) {
            json.put("replay", again(verdict.finding()));
            json.put("finding", finding(verdict.finding()));
        }
        return json;
    }
}
