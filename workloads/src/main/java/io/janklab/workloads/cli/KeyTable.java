package io.janklab.workloads.cli;

import io.janklab.dashboards.report.text.TerminalWidth;
import io.janklab.dashboards.report.text.Wrap;
import io.janklab.workloads.scenario.KeyChoice;
import java.util.List;

/// Keys of a scenario in columns, under their descriptions.
final class KeyTable {
    /// Longer ones are few, and push their row out.
    private static final int LONGEST_VALUE = 20;
    /// Where on a narrow terminal, below its key, begins what a key takes.
    private static final int BELOW = 6;

    private KeyTable() {}

    static String of(List<KeyChoice> keys) {
        int key = keys.stream().mapToInt(each -> each.key().length()).max().orElse(0);
        int value = Math.min(LONGEST_VALUE, keys.stream().mapToInt(each -> shown(each.value()).length()).max().orElse(0));
        StringBuilder text = new StringBuilder();
        String said = "";
        for (KeyChoice each : keys) {
            if (!each.meaning().equals(said)) {
                said = each.meaning();
                text.append('\n').append(said.isEmpty() ? "" : String.join("\n", Wrap.lines(said, TerminalWidth.columns(), "")) + "\n");
            }
            String row = String.format("  %-" + key + "s  %-" + value + "s", each.key(), shown(each.value()));
            String rest = (each.allowed() + standard(each)).strip().replaceAll(",(?=\\S)", ", ");
            text.append(withRest(row, rest, key + value + 6)).append('\n');
        }
        return text.toString().stripLeading();
    }

    /// The row and what follows it, in the column `at`; below the row if that is long itself.
    private static String withRest(String row, String rest, int at) {
        if (rest.isEmpty()) {
            return row.stripTrailing();
        }
        boolean isNarrow = TerminalWidth.columns() < TerminalWidth.MOST && at > TerminalWidth.columns() / 2;
        String indent = " ".repeat(isNarrow ? BELOW : at);
        boolean fits = !isNarrow && row.length() < at;
        List<String> lines = Wrap.lines(fits ? row + " ".repeat(at - row.length()) + rest : indent + rest, TerminalWidth.columns(), indent);
        String text = String.join("\n", lines);
        return fits ? text : String.join("\n", Wrap.lines(row, TerminalWidth.columns(), "    ")) + "\n" + text;
    }

    private static String standard(KeyChoice each) {
        return each.isStandard() ? "" : " (" + shown(each.standard()) + " by default)";
    }

    private static String shown(String value) {
        return value.isEmpty() ? "\"\"" : value;
    }
}
