package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Text of `trace`, `trace_pipe`, `trace-cmd report`, `perf script`: one event a line ([LineHead], [EventText]), lines of `#` and blank
/// ones between them, call stacks (lines that begin with blanks and an address) after them.
///
/// ```
/// # ticks-per-us: 2899.998        what one µs is, if times are ticks (trace_clock x86-tsc)
/// # machine: 6.18.44 x86_64 2 25216000    the machine's kernel, architecture, cores, memory in KiB,
///                                         and where it preempts: none, full, or nothing
/// # event-cost-ns: 230            what an event cost its thread
/// # probe-cost-ns: 2100           what a probed function's two probes cost its thread
/// # process: 1234 name            what janklab record adds: a process, a line of its maps
/// # maps: 1234 55a0-55b0 r-xp 00000000 00:00 0 /usr/bin/x
/// CPU:1 [LOST 12 EVENTS]          from here on that core's events are complete again
/// # entries-in-buffer/entries-written: 5/7   #P:2     the buffer kept 5 of 7 events; two cores
/// # arch : aarch64                what perf script --header says of the machine (os release, arch, nrcpus online, total memory)
/// ```
final class FtraceText implements Source {
    private static final String TICKS = "# ticks-per-us:";
    private static final String MACHINE = "# machine: ";
    private static final String EVENT_COST = "# event-cost-ns: ";
    private static final String PROBE_COST = "# probe-cost-ns: ";
    private static final String PROCESS = "# process: ";
    private static final String MAPS = "# maps: ";

    private static final String ENTRIES = "# entries-in-buffer/entries-written:";
    private static final String LATENCY_COLUMNS = "cmd     pid";
    private static final Pattern ENTRY_COUNTS = Pattern.compile("\\s*(\\d{1,18})/(\\d{1,18})(?:\\s+#P:(\\d{1,4}))?.*");
    private static final Pattern SUMMARY = Pattern.compile("# latency: .*#P:(\\d{1,4})\\).*");
    private static final Pattern GRAPH_SWITCH = Pattern.compile(" *(\\d{1,4})\\) +.*-(\\d{1,9}) +=> +.*-(\\d{1,9}) *");
    private static final Pattern GRAPH_LINE = Pattern.compile(" *(?:[\\d.]+ \\| +)?\\d{1,4}\\) .*");
    private static final Pattern SEPARATOR = Pattern.compile(" *-{8,} *");

    private final LineHead head = new LineHead();
    private final TimeOrder order = new TimeOrder();
    private final PerfHeader perf = new PerfHeader();
    private final Map<Integer, Integer> tgids = new HashMap<>();
    /// Of function_graph: the task on each core.
    private final Map<Integer, Integer> running = new HashMap<>();
    private int latestTid = -1;
    private int latestTgid = -1;
    private double ticksPerNs;
    private boolean isLatency;
    private boolean isGraph;
    /// Whether numbers of system calls are arm64's.
    private boolean isArm;

    /// Text of a machine whose system calls have x86-64's numbers, unless it says otherwise.
    FtraceText() {
        this(false);
    }

    FtraceText(boolean isArm) {
        this.isArm = isArm;
    }

    @Override
    public void read(InputStream in, Output output) throws IOException {
        read(new Lines(in), output, null);
    }

    /// Reads up to a line that begins with `end`, or to the end.
    void read(Lines lines, Output output, @Nullable String end) throws IOException {
        for (String line = lines.next(); line != null && (end == null || !isEnd(line, end)); line = lines.next()) {
            readLine(line, lines.number(), output);
        }
        finish(output);
    }

    /// To be called after the last line.
    void finish(Output output) {
        order.finish(output);
    }

    private static boolean isEnd(String line, String end) {
        int at = 0;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return line.startsWith(end, at);
    }

    /// One line.
    ///
    /// @param number of it in the file
    void readLine(String line, long number, Output output) {
        if (line.isEmpty()) {
            return;
        }
        if (line.charAt(0) == '#') {
            comment(line, output);
        } else if (isGraph && GRAPH_LINE.matcher(line).matches()) {
            graphLine(line, number, output);
        } else if (head.parse(line) || (isLatency && head.parseLatency(line))) {
            event(number, output);
        } else if (!isFunction(line) && !isAside(line, output)) {
            output.report().misunderstand(number);
        }
    }

    /// Of the function tracer: `function <-its caller`.
    private static boolean isFunction(String line) {
        return line.contains(" <-");
    }

    /// Events stand between function_graph's functions as comments; the task on a core is named only where it changes.
    private void graphLine(String line, long number, Output output) {
        Matcher change = GRAPH_SWITCH.matcher(line);
        if (change.matches()) {
            running.put((int) LineHead.number(line, change.start(1), change.end(1)),
                    (int) LineHead.number(line, change.start(3), change.end(3)));
        } else if (head.parseGraph(line)) {
            head.tid = head.tid >= 0 ? head.tid : running.getOrDefault(head.cpu, -1);
            event(number, output);
        } else if (line.contains("/* ") && !line.contains("/* <ret>")) {
            output.report().warn("The trace of function_graph has no times: its events are left aside; the option funcgraph-abstime "
                    + "prints them, and funcgraph-proc the tasks.");
        }
    }

    private void comment(String line, Output output) {
        if (line.startsWith("# tracer: ")) {
            isGraph = line.startsWith("# tracer: function_graph");
        } else if (line.startsWith(ENTRIES)) {
            entries(ENTRY_COUNTS.matcher(line.substring(ENTRIES.length())), output);
        } else if (line.contains(LATENCY_COLUMNS) || line.contains("latency trace v")) {
            isLatency = true;
        } else if (line.startsWith("# latency: ")) {
            Matcher summary = SUMMARY.matcher(line);
            if (summary.matches()) {
                output.accept(new RecordedEvent.Machine("", "", Integer.parseInt(summary.group(1)), 0, ""));
            }
        } else if (line.startsWith(TICKS)) {
            try {
                ticksPerNs = Double.parseDouble(line.substring(TICKS.length()).strip()) / 1e3;
            } catch (NumberFormatException e) {
                output.report().warn("The clock's ticks per µs cannot be read: times are taken for ns.");
            }
        } else if (line.startsWith(MACHINE)) {
            Words words = Words.of(line.substring(MACHINE.length()));
            isArm = words.word(1).startsWith("aarch64");
            output.accept(new RecordedEvent.Machine(words.word(0), words.word(1), (int) words.number(2), words.number(3) * 1024,
                    words.word(4)));
        } else if (line.startsWith(EVENT_COST)) {
            output.accept(new RecordedEvent.EventCost(Words.of(line.substring(EVENT_COST.length())).number(0)));
        } else if (line.startsWith(PROBE_COST)) {
            output.accept(new RecordedEvent.ProbeCost(Words.of(line.substring(PROBE_COST.length())).number(0)));
        } else if (line.startsWith(PROCESS)) {
            String[] words = line.substring(PROCESS.length()).split(" ", 2);
            long tgid = LineHead.number(words[0], 0, words[0].length());
            if (tgid >= 0) {
                output.accept(new RecordedEvent.ProcessName((int) tgid, words.length > 1 ? words[1] : ""));
            }
        } else if (line.startsWith(MAPS)) {
            RecordedEvent mapping = MapsLine.parse(line.substring(MAPS.length()));
            if (mapping != null) {
                output.accept(mapping);
            }
        } else {
            RecordedEvent.Machine machine = perf.machine(line);
            if (machine != null) {
                isArm = machine.architecture().isEmpty() ? isArm : machine.architecture().startsWith("aarch64");
                output.accept(machine);
            }
        }
    }

    /// A full buffer drops its oldest events.
    private static void entries(Matcher counts, Output output) {
        if (!counts.matches()) {
            return;
        }
        long dropped = Long.parseLong(counts.group(2)) - Long.parseLong(counts.group(1));
        if (dropped > 0) {
            output.accept(new RecordedEvent.Lost(-1, -1, dropped));
        }
        if (counts.group(3) != null) {
            output.accept(new RecordedEvent.Machine("", "", Integer.parseInt(counts.group(3)), 0, ""));
        }
    }

    /// A line's words, empty and 0 where there are none.
    private record Words(String[] all) {
        static Words of(String line) {
            return new Words(line.strip().split(" +"));
        }

        String word(int index) {
            return index < all.length ? all[index] : "";
        }

        long number(int index) {
            return Math.max(0, LineHead.number(word(index), 0, word(index).length()));
        }
    }

    private void event(long number, Output output) {
        if (head.tgid >= 0 && head.tid > 0 && (head.tid != latestTid || head.tgid != latestTgid)) {
            belongs(output);
        }
        RecordedEvent event = EventText.parse(head, head.isTicks ? ns(head.time, output) : head.time, isArm);
        if (Damage.isIn(head, event)) {
            output.report().misunderstand(number);
            return;
        }
        output.report().understand();
        if (event != null) {
            order.accept(event, number, output);
        }
    }

    /// A thread's line says to which process it belongs.
    private void belongs(Output output) {
        latestTid = head.tid;
        latestTgid = head.tgid;
        if (!Integer.valueOf(head.tgid).equals(tgids.put(head.tid, head.tgid))) {
            output.accept(new RecordedEvent.ThreadOf(head.tid, head.tgid, head.name().startsWith("<") ? null : head.name()));
        }
    }

    private long ns(long ticks, Output output) {
        if (ticksPerNs <= 0) {
            output.report().warn("Times are ticks of a clock whose rate the recording does not say: they are taken for ns.");
            return ticks;
        }
        return (long) (ticks / ticksPerNs);
    }

    /// Lines known to occur between events.
    private static boolean isAside(String line, Output output) {
        if (line.startsWith("CPU:") && line.contains("EVENTS")) {
            int bracket = line.indexOf('[');
            int from = line.startsWith("[LOST ", bracket) ? bracket + 6 : bracket + 1;
            long count = bracket < 0 ? -1 : FieldText.numberAt(line, from, -1);
            output.accept(new RecordedEvent.Lost(-1, (int) FieldText.numberAt(line, 4, 0), count));
            return true;
        }
        return line.isBlank() || line.endsWith("stack trace>") || line.startsWith("cpus=") || line.startsWith("version =")
                || line.startsWith("CPU ") || line.startsWith("CPU:") || line.startsWith("##### CPU") || SEPARATOR.matcher(line).matches()
                || line.startsWith("TRACE:") || line.startsWith("Buffer") || isStackFrame(line);
    }

    /// `    7f3c address symbol+0x1 (file)`, or ftrace's ` => symbol`.
    private static boolean isStackFrame(String line) {
        String frame = line.strip();
        if (!Character.isWhitespace(line.charAt(0))) {
            return false;
        }
        int space = frame.indexOf(' ');
        return frame.startsWith("=>") || (space > 0 && frame.substring(0, space).chars().allMatch(c -> Character.digit(c, 16) >= 0));
    }
}
