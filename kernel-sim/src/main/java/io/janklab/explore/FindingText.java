package io.janklab.explore;

import java.util.List;
import java.util.Locale;

/// A finding in readable form: the rule, then a column for each task and a row for each step.
public final class FindingText {
    /// How many steps of a long run are shown at its beginning and at its end.
    private static final int MOST_SHOWN = 500;

    private final Finding finding;
    private final List<String> actors;
    private final List<Integer> widths;

    public FindingText(Finding finding) {
        this.finding = finding;
        this.actors = finding.steps().stream().map(Step::who).distinct().toList();
        this.widths = actors.stream().map(this::width).toList();
    }

    private int width(String actor) {
        int widest = finding.steps().stream().filter(step -> step.who().equals(actor)).mapToInt(step -> step.does().length())
                .max().orElse(0);
        return Math.max(widest, actor.length());
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("Broken: ").append(finding.rule()).append("\n\n");
        line(out, "step", actors, "holds");
        int count = finding.steps().size();
        for (int i = 0; i < count; i++) {
            Step step = finding.steps().get(i);
            if (count <= 2 * MOST_SHOWN || i < MOST_SHOWN || i >= count - MOST_SHOWN) {
                line(out, String.valueOf(step.number()), actors.stream().map(actor -> step.who().equals(actor) ? step.does() : "").toList(),
                        step.holds());
            } else if (i == MOST_SHOWN) {
                out.append(String.format(Locale.ROOT, "   … %,d more …%n", count - 2 * MOST_SHOWN));
            }
        }
        return out.toString();
    }

    private void line(StringBuilder out, String number, List<String> cells, String holds) {
        StringBuilder line = new StringBuilder(String.format("%4s", number));
        for (int i = 0; i < cells.size(); i++) {
            line.append(String.format("  %-" + widths.get(i) + "s", cells.get(i)));
        }
        out.append(line.append("  ").append(holds).toString().stripTrailing()).append('\n');
    }
}
