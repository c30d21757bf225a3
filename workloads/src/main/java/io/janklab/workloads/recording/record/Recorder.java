package io.janklab.workloads.recording.record;

import io.janklab.workloads.host.sys.HostPreemption;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SystemCall;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.event.UffdCalls;
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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Records one program, or one that runs already, into a file of ftrace text.
///
/// Two ring buffers: scheduling of all threads, since others' load matters, and all else of the program's threads and their children alone.
/// They are read at the end, so that reading does not disturb; when one is full, later events are lost and counted.
public final class Recorder implements AutoCloseable {
    private static final List<String> SCHEDULING = List.of(
            "sched/sched_switch", "sched/sched_waking", "sched/sched_wakeup_new", "sched/sched_process_fork", "sched/sched_process_exit",
                    "sched/sched_process_exec",
            "sched/sched_migrate_task", "task/task_newtask", "task/task_rename");
    private static final List<String> CALLS = List.of(
            "mmap", "munmap", "mremap", "mprotect", "pkey_mprotect", "madvise", "process_madvise", "brk", "mlock", "mlock2", "munlock",
                    "mlockall", "munlockall", "userfaultfd",
            "futex", "nanosleep", "clock_nanosleep", "clone", "clone3", "fork", "vfork", "execve", "prctl");
    private static final List<String> MEMORY = List.of(
            "exceptions/page_fault_user", "exceptions/page_fault_kernel", "mmap_lock/mmap_lock_start_locking",
                    "mmap_lock/mmap_lock_acquire_returned",
            "mmap_lock/mmap_lock_released", "lock/contention_begin", "lock/contention_end", "ftrace/print");
    private static final String TSC = "x86-tsc";
    private static final String SYNC = "janklab-sync ";
    private static final Pattern TIME = Pattern.compile("\\[\\d+\\] \\S+\\s+(\\d+(?:\\.\\d+)?): ");
    private static final Pattern DROPPED = Pattern.compile("(overrun|dropped events): (\\d+)");

    private static final String UPROBE = "uprobe";

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
    @SuppressWarnings("NullAway.Init")
    private Process child;
    private long eventCostNs;
    private long probeCostNs;
    private @Nullable Watched watched;
    private boolean occurred;

    /// The operation whose latency will be asked for.
    ///
    /// @param name as `--operation` of the replaying commands takes it
    /// @param mark what a line has in which it occurs
    private record Watched(String name, String mark) {}

    /// A mark of the recorder's own.
    ///
    /// @param time on the buffers' clock
    private record Sync(double time, long ns) {}

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
        List<String> missing = new ArrayList<>();
        SCHEDULING.stream().filter(event -> !scheduling.enable(event)).forEach(missing::add);
        MEMORY.stream().filter(event -> !calls.enable(event) && !event.startsWith("ftrace/")).forEach(missing::add);
        for (String call : CALLS) {
            if (calls.enable("syscalls/sys_enter_" + call)) {
                calls.enable("syscalls/sys_exit_" + call);
            } else if (call.equals("mmap") || call.equals("futex")) {
                missing.add("syscalls/sys_enter_" + call);
            }
        }
        String isUffd = UffdCalls.commands().values().stream().sorted().map(command -> "cmd == " + command)
                .collect(Collectors.joining(" || "));
        if (calls.tryWrite("events/syscalls/sys_enter_ioctl/filter", isUffd) && calls.enable("syscalls/sys_enter_ioctl")) {
            calls.enable("syscalls/sys_exit_ioctl");
        }
        if (missing.contains(SCHEDULING.getFirst())) {
            throw new BadInput("this kernel has no tracepoint sched_switch: nothing can be recorded.");
        }
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
        if (operation.isBlank()) {
            throw new BadInput("--operation names nothing: a system call, a marker, or 'uprobe FUNCTION' is expected.");
        }
        if (operation.equals(UPROBE) || operation.startsWith(UPROBE + " ") || operation.startsWith(UPROBE + ":")) {
            watched = uprobe(operation.substring(UPROBE.length()).replaceFirst("^[ :]+", ""), program);
        } else {
            String call = operation.startsWith("sys_") ? operation.substring(4) : operation;
            boolean isCall = call.matches("[a-z0-9_]+") && calls.has("events/syscalls/sys_enter_" + call);
            if (!isCall && operation.startsWith("sys_")) {
                throw new BadInput("this kernel has no event of a system call '" + call + "' (--operation " + operation + ").");
            }
            if (isCall) {
                calls.enable("syscalls/sys_enter_" + call);
                calls.enable("syscalls/sys_exit_" + call);
            }
            watched = new Watched(operation, isCall ? ": sys_" + call : "|" + operation);
        }
        return watched.name;
    }

    private Watched uprobe(String place, String program) {
        int colon = place.lastIndexOf(':');
        String function = place.substring(colon + 1);
        if (function.isEmpty()) {
            throw new BadInput("a uprobe is named by its function: --operation 'uprobe FUNCTION' of the program itself, or "
                    + "'uprobe FILE:FUNCTION'.");
        }
        String file = colon < 0 ? program : place.substring(0, colon);
        String name = probes.define(found(file), function);
        probes.events().forEach(calls::enable);
        return new Watched(name, ": " + name + ": (");
    }

    /// A program as a shell finds it, a library as it is named.
    private static Path found(String file) {
        if (file.contains("/")) {
            return Path.of(file).toAbsolutePath();
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .map(folder -> Path.of(folder.isEmpty() ? "." : folder, file).toAbsolutePath()).filter(Files::isRegularFile).findFirst()
                .orElse(Path.of(file));
    }

    /// The program's output is discarded.
    public void silence() {
        output = Redirect.DISCARD;
    }

    /// Records a command from its start to its end, or for `seconds`.
    ///
    /// @return its exit code; −1 if it was still running
    public int record(List<String> command, double seconds) {
        requireCommand(command.getFirst());
        try {
            List<String> stopped = new ArrayList<>(List.of("sh", "-c", "kill -STOP $$; exec \"$@\"", "sh"));
            stopped.addAll(command);
            child = new ProcessBuilder(stopped).redirectInput(Redirect.INHERIT).redirectOutput(output).redirectError(output).start();
            awaitStopped(child.pid());
            calls.write("set_event_pid", String.valueOf(child.pid()));
            begin();
            resume(child.pid());
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

    /// In a Turkish locale procps' kill does not know SIGCONT.
    private static void resume(long pid) throws IOException, InterruptedException {
        ProcessBuilder kill = new ProcessBuilder("kill", "-CONT", String.valueOf(pid)).redirectErrorStream(true);
        kill.environment().put("LC_ALL", "C");
        if (kill.redirectOutput(Redirect.DISCARD).start().waitFor() != 0) {
            throw new BadInput("the program could not be started, for the signal to go on did not reach it.");
        }
    }

    /// A shell would find out too late.
    private static void requireCommand(String command) {
        boolean isPath = command.contains("/");
        String path = isPath ? "" : System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        boolean isThere = isPath ? isProgram(Path.of(command))
                : Stream.of(path.split(":")).anyMatch(folder -> isProgram(Path.of(folder.isEmpty() ? "." : folder, command)));
        if (!isThere) {
            throw new BadInput("there is no program '" + command + "' to record.");
        }
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static void awaitStopped(long pid) throws IOException, InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            if (stat.charAt(stat.lastIndexOf(')') + 2) == 'T') {
                return;
            }
            Thread.sleep(1);
        }
        throw new BadInput("the program could not be stopped before its start.");
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
        scheduling.tryWrite("trace_marker", SYNC + now);
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
        List<Sync> syncs = syncs();
        try (Writer out = Files.newBufferedWriter(file)) {
            writeHeader(out, syncs);
            merge(out, syncs);
        }
    }

    private void writeHeader(Writer out, List<Sync> syncs) throws IOException {
        out.write("# tracer: nop\n# recorded by janklab record\n");
        try (Stream<String> memory = Files.lines(Path.of("/proc/meminfo"))) {
            String kib = memory.filter(line -> line.startsWith("MemTotal:")).findFirst().map(line -> line.replaceAll("\\D", ""))
                    .orElse("0");
            String architecture = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
            out.write("# machine: " + System.getProperty("os.version") + " " + architecture + " "
                    + Runtime.getRuntime().availableProcessors() + " " + kib + " " + HostPreemption.current() + "\n");
        }
        if (byTicks) {
            out.write(String.format(Locale.ROOT, "# ticks-per-us: %.6f%n", ticksPerUs(syncs)));
        }
        if (eventCostNs > 0) {
            out.write("# event-cost-ns: " + eventCostNs + "\n");
        }
        if (probeCostNs > 0) {
            out.write("# probe-cost-ns: " + probeCostNs + "\n");
        }
        for (String line : header) {
            out.write(line + "\n");
        }
    }

    /// The recorder's own marks.
    private List<Sync> syncs() throws IOException {
        List<Sync> syncs = new ArrayList<>();
        try (BufferedReader lines = scheduling.trace()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int mark = line.indexOf(SYNC);
                if (mark >= 0) {
                    syncs.add(new Sync(time(line), Long.parseLong(line.substring(mark + SYNC.length()).strip())));
                }
            }
        }
        return syncs;
    }

    private static double ticksPerUs(List<Sync> syncs) {
        long ns = syncs.size() < 2 ? 0 : syncs.getLast().ns - syncs.getFirst().ns;
        if (ns <= 0) {
            throw new BadInput("the clock's rate could not be measured: the recorder's own marks were lost; a larger --buffer helps.");
        }
        return 1e3 * (syncs.getLast().time - syncs.getFirst().time) / ns;
    }

    /// The time of a line of either clock; −1 if it has none.
    static double time(String line) {
        Matcher time = TIME.matcher(line);
        return time.find() ? Double.parseDouble(time.group(1)) : -1;
    }

    /// The line at another time.
    static String withTime(String line, String time) {
        Matcher old = TIME.matcher(line);
        return old.find() ? line.substring(0, old.start(1)) + time + line.substring(old.end(1)) : line;
    }

    /// All buffers' lines in the order of time.
    private void merge(Writer out, List<Sync> syncs) throws IOException {
        try (BufferedReader one = scheduling.trace(); BufferedReader other = calls.trace();
                BufferedReader third = new BufferedReader(new StringReader(String.join("\n", markerLines(syncs))))) {
            List<BufferedReader> readers = List.of(one, other, third);
            @Nullable String[] heads = new String[readers.size()];
            double[] times = new double[readers.size()];
            for (int i = 0; i < heads.length; i++) {
                advance(readers.get(i), heads, times, i);
            }
            for (int first = earliest(heads, times); first >= 0; first = earliest(heads, times)) {
                String line = Objects.requireNonNull(heads[first]);
                occurred |= watched != null && line.contains(watched.mark);
                out.write(line);
                out.write('\n');
                advance(readers.get(first), heads, times, first);
            }
            if (watched != null && !occurred) {
                warnings.add("'" + watched.name + "' (--operation) did not occur while it was recorded.");
            }
        }
    }

    private List<String> markerLines(List<Sync> syncs) throws IOException {
        if (markers.areCopied() || syncs.size() < 2) {
            return List.of();
        }
        double[] ours = {syncs.getFirst().time, syncs.getLast().time};
        List<String> lines = markers.lines(ours, byTicks);
        if (lines == null && markers.obstacle() == null) {
            warnings.add("Programs' markers are missing: the kernel's own buffer, in which kernels before 6.16 keep them, had no room for "
                    + "the time of the recording.");
        }
        return lines == null ? List.of() : lines;
    }

    private static void advance(BufferedReader reader, @Nullable String[] heads, double[] times, int index) throws IOException {
        String line = next(reader);
        heads[index] = line;
        times[index] = line == null ? 0 : time(line);
    }

    /// The index of the line to be written next; −1 at the end.
    private static int earliest(@Nullable String[] heads, double[] times) {
        int first = -1;
        for (int i = 0; i < heads.length; i++) {
            if (heads[i] != null && (first < 0 || times[i] < times[first])) {
                first = i;
            }
        }
        return first;
    }

    private static @Nullable String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && (line.startsWith("#") || line.isBlank() || line.contains(SYNC))) {
            line = lines.readLine();
        }
        return line;
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
        HostSyscalls linux = new HostSyscalls();
        Runnable call = () -> linux.call(SystemCall.MUNMAP, 0, 0);
        try {
            calls.write("set_event_pid", Path.of("/proc/thread-self").toRealPath().getFileName().toString());
        } catch (IOException e) {
            warnings.add("What an event costs could not be measured: /proc/thread-self cannot be read.");
            return;
        }
        // Once for the JIT.
        fastest(call);
        long without = fastest(call);
        calls.write("tracing_on", "1");
        long with = fastest(call);
        calls.write("tracing_on", "0");
        eventCostNs = Math.max(0, (with - without) / 2);
        if (probes.areDefined()) {
            probeCostNs = probes.cost(() -> fastest(ProbedCall::run), calls);
        }
        calls.write("trace", "");
    }

    private static long fastest(Runnable call) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long began = System.nanoTime();
            for (int i = 0; i < 500; i++) {
                call.run();
            }
            best = Math.min(best, (System.nanoTime() - began) / 500);
        }
        return best;
    }
}
