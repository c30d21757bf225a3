package io.janklab.dashboards.report.text;

import java.util.ArrayList;
import java.util.List;

/// Text broken at spaces, for terminals.
public final class Wrap {
    /// The maximal width of a line, unless a single word is longer.
    static final int WIDTH = 99;
    /// What fits a page at all.
    private static final int WIDEST = 100;
    /// What a line that is a command begins with.
    private static final String COMMAND = "janklab ";

    private Wrap() {}

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

    /// Whatever prose in `text` is too wide for a page, in lines that fit; rows of tables, which have gaps, stay as they are, and commands
    /// can still be copied.
    public static String prose(String text) {
        StringBuilder wrapped = new StringBuilder();
        for (String line : text.split("(?<=\n)")) {
            String shown = line.stripTrailing();
            boolean isRow = shown.strip().contains("  ");
            if (isRow || Ink.width(shown) <= WIDEST) {
                wrapped.append(line);
            } else {
                String indent = " ".repeat(line.length() - line.stripLeading().length());
                int command = shown.startsWith(COMMAND, indent.length()) ? 0 : shown.indexOf(": " + COMMAND) + 1;
                List<String> lines = command == 0 && !shown.startsWith(COMMAND, indent.length())
                        ? lines(shown, WIDTH, indent + "  ")
                        : commandAfter(shown.substring(0, command), shown.substring(command).strip(), indent);
                wrapped.append(String.join("\n", lines)).append(line.endsWith("\n") ? "\n" : "");
            }
        }
        return wrapped.toString();
    }

    /// A command, below the words that introduce it.
    private static List<String> commandAfter(String words, String command, String indent) {
        List<String> lines = new ArrayList<>();
        if (!words.isEmpty()) {
            lines.add(words);
        }
        String before = words.isEmpty() ? indent : indent + "  ";
        command(command, WIDTH - before.length()).forEach(line -> lines.add(before + line));
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

    /// The text as a paragraph of lines.
    static String paragraph(String text) {
        return String.join("\n", lines(text, WIDTH));
    }
}
