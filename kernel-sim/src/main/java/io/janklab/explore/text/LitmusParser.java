package io.janklab.explore.text;

import io.janklab.explore.LitmusProgram;
import io.janklab.program.Argument;
import io.janklab.program.Nearest;
import io.janklab.program.Operation;
import io.janklab.program.Region;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads a litmus file.
public final class LitmusParser {
    /// A bar between blanks parts columns; one within a word is part of it.
    private static final String BAR = "(?<=^|\\s)\\|(?=\\s|$)";
    /// A bar that touches a word on one side only is neither.
    private static final Pattern HALF_A_BAR = Pattern.compile("\\S\\|(\\s|$)|(^|\\s)\\|\\S");
    private static final int MOST_LINES = 10_000;
    private static final int MOST_PAGES = 1 << 16;
    private static final int MOST_HUGE_PAGES = 64;
    private static final List<String> WORDS = List.of("litmus", "story", "memory", "swap", "file", "hugetlb", "userfaults", "watch",
            "before:", "tasks:", "after:", "never:", "always:");

    private enum Section {
        HEAD,
        BEFORE,
        TASKS,
        AFTER
    }

    private Section section = Section.HEAD;
    @SuppressWarnings("NullAway.Init")
    private String name;
    private String story = "";
    private LitmusText.Machine machine = LitmusText.Machine.USUAL;
    private final List<Long> watched = new ArrayList<>();
    private final List<Line> before = new ArrayList<>();
    private final List<LitmusText.Column> tasks = new ArrayList<>();
    private final List<Line> after = new ArrayList<>();
    private final List<Condition> never = new ArrayList<>();
    private final List<Condition> always = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();

    private LitmusParser() {}

    /// @throws LitmusSyntax naming the line, if it is no litmus
    public static LitmusText parse(List<String> lines) {
        return new LitmusParser().read(lines);
    }

    private LitmusText read(List<String> lines) {
        if (lines.size() > MOST_LINES) {
            throw new LitmusSyntax(MOST_LINES + 1, "a litmus has " + MOST_LINES + " lines at most.");
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                line(line, i + 1);
            }
        }
        check(Math.max(1, lines.size()));
        return new LitmusText(name, story, machine, watched, before, tasks, after, never, always);
    }

    private void check(int last) {
        if (name == null) {
            throw new LitmusSyntax(1, "a litmus begins with a line 'litmus NAME'.");
        }
        if (tasks.size() < 2) {
            throw new LitmusSyntax(last, "a litmus has two to " + LitmusProgram.MOST_TASKS + " tasks, in columns under 'tasks:'.");
        }
        if (tasks.stream().allMatch(task -> task.lines().isEmpty())) {
            throw new LitmusSyntax(last, "the tasks do nothing.");
        }
    }

    private void line(String line, int number) {
        String word = line.split("\\s+", 2)[0];
        String rest = line.substring(word.length()).strip();
        switch (word) {
            case "before:" -> open(Section.BEFORE, rest, number);
            case "tasks:" -> open(Section.TASKS, rest, number);
            case "after:" -> open(Section.AFTER, rest, number);
            case "never:" -> never.add(Condition.parse(rest, number, names));
            case "always:" -> always.add(Condition.parse(rest, number, names));
            default -> inSection(line, word, rest, number);
        }
    }

    /// Sections come in their order, once each.
    private void open(Section next, String rest, int number) {
        if (!rest.isEmpty()) {
            throw new LitmusSyntax(number, "calls are on lines of their own, below '" + next.name().toLowerCase(Locale.ROOT) + ":'.");
        }
        if (next.ordinal() <= section.ordinal()) {
            throw new LitmusSyntax(number, "sections are before:, tasks: and after:, in that order, once each.");
        }
        section = next;
    }

    private void inSection(String line, String word, String rest, int number) {
        switch (section) {
            case HEAD -> head(word, rest, number);
            case BEFORE -> before.add(call(line, number));
            case TASKS -> row(line, number);
            case AFTER -> after.add(call(line, number));
        }
    }

    private void head(String word, String rest, int number) {
        switch (word) {
            case "litmus" -> name = oneWord("litmus", rest, number);
            case "story" -> story = story.isEmpty() ? rest : story + " " + rest;
            case "memory" -> machine = machine.withPages(pages(rest, number));
            case "swap" -> machine = machine.withSwap(pages(rest, number));
            case "file" -> machine = machine.withFile(pages(rest, number));
            case "hugetlb" -> machine = machine.withHugetlb(hugePages(rest, number));
            case "userfaults" -> machine = machine.withUserfaultsWait(waits(rest, number));
            case "watch" -> watch(rest, number);
            default -> throw new LitmusSyntax(number, "the head has litmus, story, memory, swap, file, hugetlb, userfaults and watch, not '"
                    + word + "'" + Nearest.hint(word, WORDS) + ".");
        }
    }

    private static String oneWord(String what, String text, int number) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,79}")) {
            throw new LitmusSyntax(number, "the name of a " + what + " is one word of letters, digits, '.', '-' and '_'.");
        }
        return text;
    }

    private static int pages(String text, int number) {
        try {
            long bytes = Argument.LENGTH.parse(text);
            if (bytes > 0 && bytes % Region.PAGE == 0 && bytes / Region.PAGE <= MOST_PAGES) {
                return (int) (bytes / Region.PAGE);
            }
        } catch (NumberFormatException unreadable) {
            // Refused below.
        }
        throw new LitmusSyntax(number, "this takes pages from 1p to " + MOST_PAGES + "p, not '" + text + "'.");
    }

    private static int hugePages(String text, int number) {
        if (!text.matches("[1-9]\\d?") || Integer.parseInt(text) > MOST_HUGE_PAGES) {
            throw new LitmusSyntax(number, "hugetlb takes a number of pages of 2 MiB, from 1 to " + MOST_HUGE_PAGES + ", not '" + text
                    + "'.");
        }
        return Integer.parseInt(text);
    }

    private static boolean waits(String text, int number) {
        return switch (text) {
            case "wait" -> true;
            case "fail" -> false;
            default -> throw new LitmusSyntax(number, "userfaults wait or fail.");
        };
    }

    private void watch(String text, int number) {
        for (String word : text.split("\\s+")) {
            if (!word.matches("@\\d{1,4}") || !Region.contains(Argument.ADDRESS.parse(word))) {
                throw new LitmusSyntax(number, "watch takes pages, such as @0 @512, not '" + word + "'.");
            }
            watched.add(Argument.ADDRESS.parse(word));
        }
    }

    private Line call(String text, int number) {
        Line line = Line.parse(text, number);
        if (!watched.isEmpty() && WatchedPages.UNSEEN.contains(line.call().operation())) {
            throw new LitmusSyntax(number, "a litmus that watches pages cannot call '" + line.call().operation().word()
                    + "', which changes them unseen.");
        }
        if (line.result() != null && !names.add(line.result())) {
            throw new LitmusSyntax(number, "'" + line.result() + "' names another call's answer already.");
        }
        return line;
    }

    private void row(String line, int number) {
        if (HALF_A_BAR.matcher(line).find()) {
            throw new LitmusSyntax(number, "a bar between columns has a blank on either side.");
        }
        String[] cells = line.split(BAR, -1);
        if (tasks.isEmpty()) {
            heads(cells, number);
            return;
        }
        if (cells.length > tasks.size()) {
            throw new LitmusSyntax(number, "this line has " + cells.length + " columns for " + tasks.size() + " tasks.");
        }
        for (int i = 0; i < cells.length; i++) {
            if (!cells[i].isBlank()) {
                tasks.get(i).lines().add(checked(tasks.get(i), call(cells[i].strip(), number)));
            }
        }
    }

    private static Line checked(LitmusText.Column task, Line line) {
        Operation operation = line.call().operation();
        if (task.place() == LitmusText.Place.ELSEWHERE && !Operation.FROM_ELSEWHERE.contains(operation)) {
            throw new LitmusSyntax(line.number(), "a task elsewhere cannot call '" + operation.word() + "'.");
        }
        return line;
    }

    private void heads(String[] cells, int number) {
        if (cells.length > LitmusProgram.MOST_TASKS) {
            throw new LitmusSyntax(number, "a litmus has " + LitmusProgram.MOST_TASKS + " tasks at most, not " + cells.length + ".");
        }
        for (String cell : cells) {
            String[] words = cell.strip().split("\\s+");
            LitmusText.Place other = words.length == 2 ? LitmusText.Place.of(words[1]) : null;
            LitmusText.Place place = words.length == 1 ? LitmusText.Place.HERE : other;
            if (place == null) {
                throw new LitmusSyntax(number, "the first line under 'tasks:' names the tasks, each with one word, or NAME elsewhere for "
                        + "one in another process, or NAME child for one in a forked child.");
            }
            if (place == LitmusText.Place.CHILD && !watched.isEmpty()) {
                throw new LitmusSyntax(number, "a litmus that watches pages has no task in a child, whose pages are its own.");
            }
            tasks.add(new LitmusText.Column(oneWord("task", words[0], number), place, new ArrayList<>()));
        }
    }
}
