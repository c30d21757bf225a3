package io.janklab.workloads.recording.record;

import io.janklab.workloads.host.sys.HostPreemption;
import io.janklab.workloads.input.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Records one program, or one that runs already, into a file of ftrace text.
///
/// Two ring buffers: scheduling of all threads, since others' load matters, and all else of the program's threads and their children alone.
/// They are read at the end, so that reading does not disturb; when one is full, later events are lost and counted.
public final class Recorder implements AutoCloseable {
    private static final String TSC = "x86-tsc";
    private static final Pattern DROPPED = Pattern.compile("(overrun|dropped events): (\\d+)");

    private final Tracefs tracefs;
    private final Tracefs.Instance scheduling;
    private final Tracefs.Instance calls;
    private final ProgramMarkers markers;
    private final Uprobes probes;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> header = new ArrayList<>();
    private final Thread hook;
    private final boolean byTicks;
    private final int bufferKb;
    private Redirect output = Redirect.INHERIT;
    private RecordingCost cost = RecordingCost.UNKNOWN;
    private @Nullable WatchedOperation watched;
    private boolean occurred;

    /// @param bufferMb of each core and each of the two buffers
    /// @throws BadInput if this host cannot record
    public Recorder(int bufferMb) {
        this(bufferMb, true);
    }

    /// @param mayCopyMarkers false to take programs' markers from where kernels before 6.16 have them
    Recorder(int bufferMb, boolean mayCopyMarkers) {
        tracefs = Tracefs.find();
        bufferKb = bufferMb * 1024;
        if (tracefs.removeStale() + Uprobes.removeStale(tracefs) > 0) {
            warnings.add("A recorder that was killed had left its tracing on; it is off now.");
        }
        scheduling = tracefs.create("sched");
        calls = createOrUndo();
        probes = new Uprobes(tracefs);
        markers = new ProgramMarkers(tracefs, calls, mayCopyMarkers);
        hook = new Thread(this::removeInstances);
        Runtime.getRuntime().addShutdownHook(hook);
        byTicks = setUp();
    }

    private Tracefs.Instance createOrUndo() {
        try {
            return tracefs.create("calls");
        } catch (BadInput e) {
            scheduling.remove();
            throw e;
        }
    }

    private boolean setUp() {
        boolean ticks = true;
        for (Tracefs.Instance instance : List.of(scheduling, calls)) {
            instance.write("tracing_on", "0");
            ticks &= instance.tryWrite("trace_clock", TSC);
            instance.tryWrite("options/overwrite", "0");
            instance.tryWrite("options/record-tgid", "1");
            instance.tryWrite("options/event-fork", "1");
            instance.write("buffer_size_kb", String.valueOf(bufferKb));
        }
        if (!ticks) {
            List.of(scheduling, calls).forEach(instance -> instance.write("trace_clock", "mono"));
        }
        List<String> missing = RecordedEvents.enable(scheduling, calls);
        if (!missing.isEmpty()) {
            warnings.add("This kernel does not have " + String.join(", ", missing) + ".");
        }
        return ticks;
    }

    /// Also records what is needed for the latency of an operation: a uprobe, a system call that is not recorded else, or nothing for a
    /// marker that the program writes.
    ///
    /// @param operation `uprobe [FILE:]FUNCTION` or `uprobe FILE:0xOFFSET`, the name of a call, or that of a marker
    /// @param program that is recorded, as an argument or a path
    /// @return its name as `--operation` of the replaying commands takes it
    /// @throws BadInput if it cannot be recorded here
    public String watch(String operation, String program) {
        watched = WatchedOperation.of(operation, program, calls, probes);
        return watched.name();
    }

    /// The program's output is discarded.
    public void silence() {
        output = Redirect.DISCARD;
    }

    /// Records a command from its start to its end, or for `seconds`.
    ///
    /// @return its exit code; −1 if it was still running
    public int record(List<String> command, double seconds) {
        ProgramFile.require(command.getFirst());
        try {
            Process child = StoppedProgram.start(command, output);
            calls.write("set_event_pid", String.valueOf(child.pid()));
            begin();
            StoppedProgram.resume(child.pid());
            boolean over = seconds <= 0 || child.waitFor((long) (seconds * 1e3), TimeUnit.MILLISECONDS);
            int exit = over ? child.waitFor() : -1;
            end();
            if (!over) {
                child.descendants().forEach(ProcessHandle::destroy);
                child.destroy();
            }
            return exit;
        } catch (IOException e) {
            throw new BadInput("'" + command.getFirst() + "' cannot be run: " + e.getMessage() + ".");
        } catch (InterruptedException e) {
            throw new BadInput("interrupted.");
        }
    }

    /// Records a process that runs.
    public void record(long pid, double seconds) {
        describe(pid);
        calls.write("set_event_pid", threads(pid));
        begin();
        try {
            Thread.sleep((long) (seconds * 1e3));
        } catch (InterruptedException e) {
            throw new BadInput("interrupted.");
        }
        end();
    }

    private void describe(long pid) {
        Path proc = Path.of("/proc", String.valueOf(pid));
        try {
            header.add("# process: " + pid + " " + Files.readString(proc.resolve("comm")).strip());
            Files.readAllLines(proc.resolve("maps")).forEach(line -> header.add("# maps: " + pid + " " + line));
        } catch (IOException e) {
            throw new BadInput("there is no process " + pid + ", or it may not be looked at.");
        }
    }

    private static String threads(long pid) {
        List<String> tids = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "task"))) {
            tasks.forEach(task -> tids.add(task.getFileName().toString()));
        } catch (IOException e) {
            throw new BadInput("there is no process " + pid + ".");
        }
        return String.join(" ", tids);
    }

    private void begin() {
        try {
            String obstacle = markers.obstacle();
            if (obstacle != null) {
                warnings.add(obstacle);
            }
            markers.begin();
        } catch (IOException e) {
            warnings.add("The kernel's own buffer cannot be read: programs' markers are not recorded.");
        }
        scheduling.write("tracing_on", "1");
        calls.write("tracing_on", "1");
        sync();
    }

    private void end() {
        sync();
        calls.write("tracing_on", "0");
        scheduling.write("tracing_on", "0");
        lost(scheduling);
        lost(calls);
    }

    /// A mark by which ticks are converted to time.
    private void sync() {
        long now = System.nanoTime();
        scheduling.tryWrite("trace_marker", ClockMark.text(now));
        markers.sync(now);
    }

    private void lost(Tracefs.Instance instance) {
        long lost = 0;
        try {
            for (String core : instance.statsByCore()) {
                Matcher stats = DROPPED.matcher(core);
                while (stats.find()) {
                    lost += Long.parseLong(stats.group(2));
                }
            }
        } catch (IOException e) {
            warnings.add("Whether events were lost could not be read.");
        }
        if (lost > 0) {
            header.add("CPU:0 [LOST " + lost + " EVENTS]");
            warnings.add(String.format(Locale.ROOT, "%,d events were lost: the buffers (--buffer) were too small.", lost));
        }
    }

    /// Writes what has been recorded.
    public void write(Path file) throws IOException {
        List<ClockMark> marks = ClockMark.read(scheduling);
        try (Writer out = Files.newBufferedWriter(file)) {
            writeHeader(out, marks);
            merge(out, marks);
        }
    }

    private void writeHeader(Writer out, List<ClockMark> marks) throws IOException {
        out.write("# tracer: nop\n# recorded by janklab record\n");
        try (Stream<String> memory = Files.lines(Path.of("/proc/meminfo"))) {
            String kib = memory.filter(line -> line.startsWith("MemTotal:")).findFirst().map(line -> line.replaceAll("\\D", ""))
                    .orElse("0");
            String architecture = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
            out.write("# machine: " + System.getProperty("os.version") + " " + architecture + " "
                    + Runtime.getRuntime().availableProcessors() + " " + kib + " " + HostPreemption.current() + "\n");
        }
        if (byTicks) {
            out.write(String.format(Locale.ROOT, "# ticks-per-us: %.6f%n", ClockMark.ticksPerUs(marks)));
        }
        if (cost.eventNs() > 0) {
            out.write("# event-cost-ns: " + cost.eventNs() + "\n");
        }
        if (cost.probeNs() > 0) {
            out.write("# probe-cost-ns: " + cost.probeNs() + "\n");
        }
        for (String line : header) {
            out.write(line + "\n");
        }
    }

    /// All buffers' lines in the order of time.
    private void merge(Writer out, List<ClockMark> marks) throws IOException {
        try (BufferedReader one = scheduling.trace(); BufferedReader other = calls.trace();
                BufferedReader third = new BufferedReader(new StringReader(String.join("\n", markerLines(marks))))) {
            MergedTrace lines = new MergedTrace(List.of(one, other, third));
            for (String line = lines.next(); line != null; line = lines.next()) {
                occurred |= watched != null && line.contains(watched.mark());
                out.write(line);
                out.write('\n');
            }
            if (watched != null && !occurred) {
                warnings.add("'" + watched.name() + "' (--operation) did not occur while it was recorded.");
            }
        }
    }

    private List<String> markerLines(List<ClockMark> marks) throws IOException {
        if (markers.areCopied() || marks.size() < 2) {
            return List.of();
        }
        double[] ours = {marks.getFirst().time(), marks.getLast().time()};
        List<String> lines = markers.lines(ours, byTicks);
        if (lines == null && markers.obstacle() == null) {
            warnings.add("Programs' markers are missing: the kernel's own buffer, in which kernels before 6.16 keep them, had no room for "
                    + "the time of the recording.");
        }
        return lines == null ? List.of() : lines;
    }

    /// Whether the operation that was to be watched is in what was written.
    public boolean hasOccurred() {
        return occurred;
    }

    /// Notes for the user, a sentence each.
    public List<String> warnings() {
        return warnings;
    }

    private void removeInstances() {
        calls.remove();
        scheduling.remove();
        probes.remove();
        markers.end();
    }

    @Override
    public void close() {
        removeInstances();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    /// Measures what an event costs its thread on this host: a call with and without its two events, in the recorder's own buffers.
    /// Recordings of this recorder then say so.
    public void measureCost() {
        try {
            cost = RecordingCost.measure(calls, probes);
        } catch (IOException e) {
            warnings.add("What an event costs could not be measured: /proc/thread-self cannot be read.");
        }
    }
}
