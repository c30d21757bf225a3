package io.janklab.workloads.recording.record;

import io.janklab.workloads.host.sys.HostPreemption;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SystemCall;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.event.UffdCalls;
import java.io.BufferedReader;
import java.io.IOException;
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

    private final Tracefs.Instance scheduling;
    private final Tracefs.Instance calls;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> header = new ArrayList<>();
    private final Thread hook;
    private final boolean byTicks;
    private final int bufferKb;
    private Redirect output = Redirect.INHERIT;
    @SuppressWarnings("NullAway.Init")
    private Process child;
    private long eventCostNs;

    /// Why nothing can be recorded on this host, in a sentence; null if something can.
    public static @Nullable String obstacle() {
        try {
            Tracefs.find();
            return null;
        } catch (BadInput e) {
            return e.getMessage();
        }
    }

    /// @param bufferMb of each core and each of the two buffers
    /// @throws BadInput if this host cannot record
    public Recorder(int bufferMb) {
        Tracefs tracefs = Tracefs.find();
        bufferKb = bufferMb * 1024;
        if (tracefs.removeStale() > 0) {
            warnings.add("A recorder that was killed had left its tracing on; it is off now.");
        }
        scheduling = tracefs.create("sched");
        calls = createOrUndo(tracefs);
        hook = new Thread(this::removeInstances);
        Runtime.getRuntime().addShutdownHook(hook);
        byTicks = setUp();
    }

    private Tracefs.Instance createOrUndo(Tracefs tracefs) {
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
        scheduling.tryWrite("trace_marker", SYNC + System.nanoTime());
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
        try (Writer out = Files.newBufferedWriter(file)) {
            writeHeader(out);
            merge(out);
        }
    }

    private void writeHeader(Writer out) throws IOException {
        out.write("# tracer: nop\n# recorded by janklab record\n");
        try (Stream<String> memory = Files.lines(Path.of("/proc/meminfo"))) {
            String kib = memory.filter(line -> line.startsWith("MemTotal:")).findFirst().map(line -> line.replaceAll("\\D", ""))
                    .orElse("0");
            String architecture = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
            out.write("# machine: " + System.getProperty("os.version") + " " + architecture + " "
                    + Runtime.getRuntime().availableProcessors() + " " + kib + " " + HostPreemption.current() + "\n");
        }
        if (byTicks) {
            out.write(String.format(Locale.ROOT, "# ticks-per-us: %.6f%n", ticksPerUs()));
        }
        if (eventCostNs > 0) {
            out.write("# event-cost-ns: " + eventCostNs + "\n");
        }
        for (String line : header) {
            out.write(line + "\n");
        }
    }

    private double ticksPerUs() throws IOException {
        long firstTicks = -1;
        long firstNs = -1;
        double rate = 0;
        try (BufferedReader lines = scheduling.trace()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int mark = line.indexOf(SYNC);
                if (mark >= 0) {
                    long ticks = (long) time(line);
                    long ns = Long.parseLong(line.substring(mark + SYNC.length()).strip());
                    if (firstTicks >= 0) {
                        rate = 1e3 * (ticks - firstTicks) / (ns - firstNs);
                    }
                    firstTicks = firstTicks < 0 ? ticks : firstTicks;
                    firstNs = firstNs < 0 ? ns : firstNs;
                }
            }
        }
        if (!(rate > 0)) {
            throw new BadInput("the clock's rate could not be measured: the recorder's own marks were lost; a larger --buffer helps.");
        }
        return rate;
    }

    private static double time(String line) {
        Matcher time = TIME.matcher(line);
        return time.find() ? Double.parseDouble(time.group(1)) : -1;
    }

    /// Both buffers' lines in the order of time.
    private void merge(Writer out) throws IOException {
        try (BufferedReader one = scheduling.trace(); BufferedReader other = calls.trace()) {
            String left = next(one);
            String right = next(other);
            while (left != null || right != null) {
                boolean takeLeft = right == null || (left != null && time(left) <= time(right));
                out.write(takeLeft ? left : right);
                out.write('\n');
                left = takeLeft ? next(one) : left;
                right = takeLeft ? right : next(other);
            }
        }
    }

    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && (line.startsWith("#") || line.isBlank() || line.contains(SYNC))) {
            line = lines.readLine();
        }
        return line;
    }

    /// Notes for the user, a sentence each.
    public List<String> warnings() {
        return warnings;
    }

    private void removeInstances() {
        calls.remove();
        scheduling.remove();
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
        calls.write("trace", "");
        eventCostNs = Math.max(0, (with - without) / 2);
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
