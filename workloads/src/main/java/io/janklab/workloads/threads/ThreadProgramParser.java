package io.janklab.workloads.threads;

import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.program.Call;
import io.janklab.program.Operation;
import io.janklab.program.Region;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.threads.ThreadProgram.ProgramThread;
import io.janklab.workloads.threads.ThreadProgram.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a program file.
public final class ThreadProgramParser {
    private static final int MOST_LINES = 10_000;
    private static final int MOST_THREADS = 1_024;
    private static final int DEEPEST = 16;
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final long USUAL_NS = 1_000_000_000L;
    private static final long TASK_BYTES = 1L << 40;
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ns|us|ms|s)");
    private static final Map<String, Long> UNITS = Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L);
    private static final Pattern THREAD = Pattern.compile("([A-Za-z][\\w.-]{0,63})((?: +\\S+)*):");
    private static final Pattern MARK = Pattern.compile("([A-Za-z][\\w.-]{0,63}): +(.*)");
    /// `{100+i*4}`: the thread's number is substituted.
    private static final Pattern NUMBERED = Pattern.compile("\\{(\\d{1,9})(?:\\+i(?:\\*(\\d{1,9}))?)?}");
    private static final Set<Operation> REFUSED =
            EnumSet.of(Operation.EXIT, Operation.FORK, Operation.FORK_KEEP, Operation.FORK_END, Operation.DRAIN, Operation.MMAP_FILE);

    private final String file;
    private final int cpus;
    private @Nullable String name;
    private String story = "";
    private long durationNs = USUAL_NS;

    /// A line and its number.
    private record Line(int number, String text) {}

    /// A thread's heading, and the lines below it.
    private record Section(Line heading, List<Line> lines) {}

    /// @param cpus how many cores the device has
    public ThreadProgramParser(String file, int cpus) {
        this.file = file;
        this.cpus = cpus;
    }

    /// @throws BadInput naming the line, if the program cannot be run
    public ThreadProgram parse(List<String> text) {
        if (text.size() > MOST_LINES) {
            throw bad(MOST_LINES + 1, "a program has " + MOST_LINES + " lines at most.");
        }
        List<Step> before = new ArrayList<>();
        List<Section> sections = sections(text, before);
        List<ProgramThread> threads = new ArrayList<>();
        sections.forEach(section -> addThreads(section, threads));
        if (name == null) {
            throw bad(1, "a program begins with a line 'program NAME'.");
        }
        if (threads.isEmpty()) {
            throw bad(Math.max(1, text.size()), "the program has no thread: a heading such as 'reader x4 nice=-10 cpus=0-3:' begins one.");
        }
        return new ThreadProgram(file, name, story, durationNs, before, threads);
    }

    private List<Section> sections(List<String> text, List<Step> before) {
        List<Section> sections = new ArrayList<>();
        List<Line> preparing = null;
        for (int i = 0; i < text.size(); i++) {
            Line line = new Line(i + 1, text.get(i).replaceFirst("#.*", "").strip());
            if (line.text().isEmpty()) {
                continue;
            }
            if (line.text().equals("before:")) {
                preparing = new ArrayList<>();
            } else if (THREAD.matcher(line.text()).matches()) {
                sections.add(new Section(line, new ArrayList<>()));
            } else if (!sections.isEmpty()) {
                sections.getLast().lines().add(line);
            } else if (preparing != null) {
                preparing.add(line);
            } else {
                head(line);
            }
        }
        if (preparing != null) {
            before.addAll(steps(preparing, 0));
        }
        return sections;
    }

    private void head(Line line) {
        String[] words = line.text().split("\\s+", 2);
        String rest = words.length == 1 ? "" : words[1];
        switch (words[0]) {
            case "program" -> name = oneWord(line, rest);
            case "story" -> story = rest;
            case "duration" -> durationNs = time(line, rest);
            default -> throw bad(line.number(), "before the sections come program, story and duration, not '" + words[0] + "'.");
        }
    }

    private String oneWord(Line line, String text) {
        if (!text.matches("[\\w.-]{1,80}")) {
            throw bad(line.number(), "the name of a program is one word of letters, digits, '.', '-' and '_'.");
        }
        return text;
    }

    private void addThreads(Section section, List<ProgramThread> threads) {
        Line heading = section.heading();
        Matcher head = THREAD.matcher(heading.text());
        head.matches();
        int count = 1;
        int nice = 0;
        int rt = 0;
        CpuSet cores = CpuSet.ALL;
        for (String word : head.group(2).strip().split("\\s+")) {
            if (word.matches("x[1-9]\\d{0,5}")) {
                count = Integer.parseInt(word.substring(1));
            } else if (word.matches("nice=-?\\d{1,2}")) {
                nice = between(heading, "nice", word, -20, 19);
            } else if (word.matches("rt=\\d{1,2}")) {
                rt = between(heading, "rt", word, 1, 99);
            } else if (word.startsWith("cpus=")) {
                cores = cores(heading, word.substring("cpus=".length()));
            } else if (!word.isEmpty()) {
                throw bad(heading.number(), "a thread takes xCOUNT, nice=N, rt=N and cpus=LIST, not '" + word + "'.");
            }
        }
        if (threads.size() + count > MOST_THREADS) {
            throw bad(heading.number(), "a program has " + MOST_THREADS + " threads at most.");
        }
        TaskAttributes attributes = rt > 0 ? TaskAttributes.fifo(rt, cores) : TaskAttributes.normal(nice, cores);
        for (int i = 0; i < count; i++) {
            threads.add(new ProgramThread(head.group(1), attributes, steps(section.lines(), i)));
        }
    }

    private int between(Line line, String what, String word, int least, int most) {
        int value = Integer.parseInt(word.substring(what.length() + 1));
        if (value < least || value > most) {
            throw bad(line.number(), what + " is from " + least + " to " + most + ", not " + value + ".");
        }
        return value;
    }

    private CpuSet cores(Line line, String list) {
        try {
            CpuSet cores = CpuSet.parse(list);
            if ((cores.mask() & (1L << cpus) - 1) != 0) {
                return cores;
            }
        } catch (IllegalArgumentException unreadable) {
            // Refused below.
        }
        throw bad(line.number(), "cpus= takes cores of the device, 0 to " + (cpus - 1) + ", such as 0-3,6; not '" + list + "'.");
    }

    // Steps

    private List<Step> steps(List<Line> lines, int thread) {
        int[] at = {0};
        List<Step> steps = block(lines, at, thread, 0);
        if (at[0] < lines.size()) {
            throw bad(lines.get(at[0]).number(), "this 'end' ends no loop.");
        }
        return steps;
    }

    /// The steps up to the end of the block, which is not consumed.
    private List<Step> block(List<Line> lines, int[] at, int thread, int depth) {
        List<Step> steps = new ArrayList<>();
        while (at[0] < lines.size() && !lines.get(at[0]).text().equals("end")) {
            Line line = lines.get(at[0]++);
            steps.add(line.text().matches("loop\\b.*") ? loop(line, lines, at, thread, depth) : step(line, thread));
        }
        return List.copyOf(steps);
    }

    private Step loop(Line line, List<Line> lines, int[] at, int thread, int depth) {
        if (depth == DEEPEST) {
            throw bad(line.number(), "loops nest " + DEEPEST + " deep at most.");
        }
        if (!line.text().matches("loop( +[1-9]\\d{0,9})?")) {
            throw bad(line.number(), "a loop is 'loop', up to the program's end, or 'loop COUNT'.");
        }
        long times = line.text().equals("loop") ? Long.MAX_VALUE : Long.parseLong(line.text().substring(4).strip());
        List<Step> steps = block(lines, at, thread, depth + 1);
        if (at[0] == lines.size()) {
            throw bad(line.number(), "this loop has no 'end'.");
        }
        at[0]++;
        if (steps.isEmpty()) {
            throw bad(line.number(), "this loop does nothing.");
        }
        return new Step.Loop(times, steps);
    }

    private Step step(Line line, int thread) {
        String text = numbered(line.text(), thread);
        if (text.startsWith("think ")) {
            return new Step.Think(time(line, text.substring("think ".length()).strip()));
        }
        if (text.startsWith("compute ")) {
            return new Step.Compute(time(line, text.substring("compute ".length()).strip()));
        }
        Matcher marked = MARK.matcher(text);
        boolean counts = marked.matches();
        return new Step.Do(line.number(), counts ? marked.group(1) : "", call(line, counts ? marked.group(2) : text));
    }

    private static String numbered(String text, int thread) {
        return NUMBERED.matcher(text).replaceAll(found -> {
            boolean varies = found.group().contains("i");
            long step = found.group(2) == null ? 1 : Long.parseLong(found.group(2));
            return Long.toString(Long.parseLong(found.group(1)) + (varies ? thread * step : 0));
        });
    }

    private long time(Line line, String text) {
        Matcher time = TIME.matcher(text);
        if (time.matches()) {
            long ns = Long.parseLong(time.group(1)) * Objects.requireNonNull(UNITS.get(time.group(2)));
            if (ns > 0 && ns <= LONGEST_NS) {
                return ns;
            }
        }
        throw bad(line.number(), "a time is a whole number of ns, us, ms or s, up to an hour, not '" + text + "'.");
    }

    private Call call(Line line, String text) {
        final Call call;
        try {
            call = Call.parse(text);
        } catch (IllegalArgumentException unreadable) {
            throw bad(line.number(), String.valueOf(unreadable.getMessage()));
        }
        if (REFUSED.contains(call.operation())) {
            throw bad(line.number(), "'" + call.operation().word() + "' is for litmuses, not for programs that are measured.");
        }
        boolean far = call.a() < Region.START || call.a() > TASK_BYTES || call.b() < 0 || call.b() > TASK_BYTES;
        if (far && call.operation() != Operation.RECLAIM) {
            throw bad(line.number(), "addresses and lengths of a program go up to 1 TiB.");
        }
        return call;
    }

    private BadInput bad(int line, String sentence) {
        return BadInput.at(file, line, sentence);
    }
}
