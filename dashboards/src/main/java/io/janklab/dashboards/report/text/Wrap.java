package io.janklab.dashboards.report.text;

import java.util.ArrayList;
import java.util.List;

/// Text broken at spaces, for terminals.
public final class Wrap {
    /// What a line that is a command begins with.
    private static final String COMMAND = "janklab ";

    /// What the rest of a row begins with.
    private static final String BELOW = "      ";

    private Wrap() {}

    /// The maximal width of a line that is wrapped, unless a single word is longer.
    public static int width() {
        return TerminalWidth.columns() - 1;
    }

    /// The text in lines of at most `width` columns; what follows the first is indented by two.
    static List<String> lines(String text, int width) {
        return lines(text, width, "  ");
    }

    /// The text in lines of at most `width` columns; what follows the first begins with `indent`.
    public static List<String> lines(String text, int width, String indent) {
        List<String> lines = new ArrayList<>();
        String words = text.stripLeading();
        StringBuilder line = new StringBuilder(text.substring(0, text.length() - words.length()));
        for (String word : words.split(" ")) {
            boolean isFirst = line.isEmpty() || line.toString().isBlank();
            if (!isFirst && Ink.width(line.toString()) + 1 + Ink.width(word) > width) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                isFirst = true;
            }
            line.append(isFirst ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /// Whatever prose in `text` is too wide for the terminal, in lines that fit; commands can still be copied. Rows of tables, which have
    /// gaps, are broken only on a terminal that is narrower than a page.
    public static String prose(String text) {
        StringBuilder wrapped = new StringBuilder();
        for (String line : text.split("(?<=\n)")) {
            String shown = line.stripTrailing();
            boolean isRow = shown.strip().contains("  ");
            if (isRow && TerminalWidth.columns() == TerminalWidth.MOST || Ink.width(shown) <= TerminalWidth.columns()) {
                wrapped.append(line);
            } else if (isRow) {
                wrapped.append(String.join("\n", row(shown))).append(line.endsWith("\n") ? "\n" : "");
            } else {
                String indent = " ".repeat(line.length() - line.stripLeading().length());
                int command = shown.startsWith(COMMAND, indent.length()) ? 0 : shown.indexOf(": " + COMMAND) + 1;
                List<String> lines = command == 0 && !shown.startsWith(COMMAND, indent.length())
                        ? lines(shown, width(), indent + "  ")
                        : commandAfter(shown.substring(0, command), shown.substring(command).strip(), indent);
                wrapped.append(String.join("\n", lines)).append(line.endsWith("\n") ? "\n" : "");
            }
        }
        return wrapped.toString();
    }

    /// The row of a table, broken between its cells, and within those that are too wide.
    private static List<String> row(String row) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String cell : row.split("(?<=\\S)(?=  )")) {
            if (line.isEmpty() || Ink.width(line + cell) <= width()) {
                line += cell;
            } else {
                lines.addAll(lines(line, width(), BELOW));
                line = BELOW + cell.strip();
            }
        }
        lines.addAll(lines(line, width(), BELOW));
        return lines;
    }

    /// A command, below the words that introduce it.
    private static List<String> commandAfter(String words, String command, String indent) {
        List<String> lines = new ArrayList<>();
        if (!words.isEmpty()) {
            lines.add(words);
        }
        String before = words.isEmpty() ? indent : indent + "  ";
        command(command, width() - before.length()).forEach(line -> lines.add(before + line));
        return lines;
    }

    /// A shell command in lines of at most `width` columns, broken before options; it can be copied as it is.
    static List<String> command(String command, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String option : command.split(" (?=--)")) {
            if (!line.isEmpty() && line.length() + option.length() + " ".length() + " \\".length() > width) {
                lines.add(line + " \\");
                line = new StringBuilder("  ");
            }
            line.append(line.toString().isBlank() ? "" : " ").append(option);
        }
        lines.add(line.toString());
        return lines;
    }

    /// A complaint: in lines on a terminal whose width is known, else on one line, so that programs can read it.
    public static String complaint(String sentence) {
        return TerminalWidth.isKnown() ? paragraph(sentence) : sentence;
    }

    /// The text as a paragraph of lines.
    static String paragraph(String text) {
        return String.join("\n", lines(text, width()));
    }
}
