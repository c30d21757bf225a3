package io.janklab.explore.text;

import io.janklab.explore.Litmus;
import io.janklab.program.Region;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A litmus as it is written.
///
/// @param name   one word
/// @param story  a sentence or two
/// @param machine what it runs on
/// @param watched addresses of pages each load of which is checked against what has been done to them
/// @param before calls by one task alone
/// @param tasks  two to four of them, which run at once
/// @param after  calls by one task alone, when they have ended
/// @param never  no outcome may be one of these
/// @param always each outcome must be one of each of these
public record LitmusText(String name, String story, Machine machine, List<Long> watched, List<Line> before, List<Column> tasks,
        List<Line> after, List<Condition> never, List<Condition> always) {
    /// The answer under which a load of a watched page that saw a wrong value leaves that value.
    public static final String WATCHED = "watched";

    /// @param pages  memory
    /// @param swap   pages of compressed swap, or 0
    /// @param file   pages of the file that MMAP_FILE maps, or 0
    /// @param hugetlb pages of 2 MiB that are set aside for hugetlb, or 0; part of the memory
    /// @param userfaultsWait whether a userfault waits for its page to be filled, or is EFAULT at once
    public record Machine(int pages, int swap, int file, int hugetlb, boolean userfaultsWait) {
        static final Machine USUAL = new Machine(256, 0, 0, 0, false);

        Machine withPages(int newPages) {
            return new Machine(newPages, swap, file, hugetlb, userfaultsWait);
        }

        Machine withSwap(int newSwap) {
            return new Machine(pages, newSwap, file, hugetlb, userfaultsWait);
        }

        Machine withFile(int newFile) {
            return new Machine(pages, swap, newFile, hugetlb, userfaultsWait);
        }

        Machine withHugetlb(int newHugetlb) {
            return new Machine(pages, swap, file, newHugetlb, userfaultsWait);
        }

        Machine withUserfaultsWait(boolean wait) {
            return new Machine(pages, swap, file, hugetlb, wait);
        }
    }

    /// One task.
    ///
    /// @param place whose memory its calls are about
    public record Column(String name, Place place, List<Line> lines) {
        /// Its name and place, as written.
        String head() {
            return name + place.suffix();
        }
    }

    /// The process of a task, and its memory.
    public enum Place {
        /// The program's.
        HERE(""),
        /// A process of its own, which looks at the program's memory.
        ELSEWHERE("elsewhere"),
        /// A child that the program forks before its tasks start: its calls are about its own memory.
        CHILD("child");

        private final String word;

        Place(String word) {
            this.word = word;
        }

        /// The place of that name, or null.
        static @Nullable Place of(String word) {
            for (Place place : values()) {
                if (!place.word.isEmpty() && place.word.equals(word)) {
                    return place;
                }
            }
            return null;
        }

        private String suffix() {
            return word.isEmpty() ? "" : " " + word;
        }
    }

    public LitmusText {
        watched = List.copyOf(watched);
        before = List.copyOf(before);
        tasks = List.copyOf(tasks);
        after = List.copyOf(after);
        never = List.copyOf(never);
        always = List.copyOf(always);
    }

    /// To be explored.
    public Litmus litmus() {
        return Litmus.of(name, story, () -> new TextProgram(this));
    }

    /// Every call there is, in the order of the file: before, the tasks one after the other, after.
    public List<Line> calls() {
        List<Line> all = new ArrayList<>(before);
        tasks.forEach(task -> all.addAll(task.lines()));
        all.addAll(after);
        return all;
    }

    /// The names of all answers, each still without a value.
    public Map<String, String> blanks() {
        Map<String, String> answers = new LinkedHashMap<>();
        calls().stream().map(Line::result).filter(result -> result != null).forEach(result -> answers.put(result, "none"));
        orders().forEach(order -> answers.put(order.toString(), Condition.Order.NOT));
        return answers;
    }

    /// The calls whose order the conditions mention.
    public Set<Condition.Order> orders() {
        Set<Condition.Order> orders = new LinkedHashSet<>();
        Stream.concat(never.stream(), always.stream()).forEach(condition -> orders.addAll(condition.orders()));
        return orders;
    }

    /// The pages that it watches, as they are at first.
    public WatchedPages watch() {
        return new WatchedPages(watched);
    }

    /// The condition that these answers break, in a sentence, or null.
    public @Nullable String broken(Map<String, String> answers) {
        if (answers.containsKey(WATCHED)) {
            return "watch: a load sees what had been overwritten when it began";
        }
        for (Condition condition : never) {
            if (condition.holds(answers)) {
                return "never: " + condition;
            }
        }
        for (Condition condition : always) {
            if (!condition.holds(answers)) {
                return "always: " + condition;
            }
        }
        return null;
    }

    /// The file.
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append("litmus ").append(name).append('\n');
        if (!story.isEmpty()) {
            out.append("story ").append(story).append('\n');
        }
        machine(out);
        block(out, "before:", before);
        out.append("tasks:\n");
        columns(out);
        block(out, "after:", after);
        never.forEach(condition -> out.append("never: ").append(condition).append('\n'));
        always.forEach(condition -> out.append("always: ").append(condition).append('\n'));
        return out.toString();
    }

    private void machine(StringBuilder out) {
        if (machine.pages() != Machine.USUAL.pages()) {
            out.append("memory ").append(machine.pages()).append("p\n");
        }
        if (machine.swap() != 0) {
            out.append("swap ").append(machine.swap()).append("p\n");
        }
        if (machine.file() != 0) {
            out.append("file ").append(machine.file()).append("p\n");
        }
        if (machine.hugetlb() != 0) {
            out.append("hugetlb ").append(machine.hugetlb()).append('\n');
        }
        if (machine.userfaultsWait()) {
            out.append("userfaults wait\n");
        }
        if (!watched.isEmpty()) {
            out.append("watch ").append(watched.stream().map(Region::describe).collect(Collectors.joining(" "))).append('\n');
        }
    }

    private static void block(StringBuilder out, String heading, List<Line> lines) {
        if (!lines.isEmpty()) {
            out.append(heading).append('\n');
            lines.forEach(line -> out.append("  ").append(line).append('\n'));
        }
    }

    private void columns(StringBuilder out) {
        List<String> heads = tasks.stream().map(Column::head).toList();
        int rows = tasks.stream().mapToInt(task -> task.lines().size()).max().orElse(0);
        for (int row = -1; row < rows; row++) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < tasks.size(); i++) {
                String cell = row < 0 ? heads.get(i) : cell(tasks.get(i), row);
                int longest = tasks.get(i).lines().stream().mapToInt(each -> each.toString().length()).max().orElse(0);
                int width = Math.max(heads.get(i).length(), longest);
                line.append(i == 0 ? " " : " | ").append(cell).repeat(' ', width - cell.length());
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    private static String cell(Column task, int row) {
        return row < task.lines().size() ? task.lines().get(row).toString() : "";
    }
}
