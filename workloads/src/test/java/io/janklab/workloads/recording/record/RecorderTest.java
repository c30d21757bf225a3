package io.janklab.workloads.recording.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.cli.Interruption;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.event.EventKind;
import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.read.ReadReport;
import io.janklab.workloads.recording.read.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecorderTest {
    private static final Path INSTANCES = Path.of("/sys/kernel/tracing/instances");
    private static final int BUFFER_MB = 4;

    @TempDir
    Path folder;

    @BeforeEach
    void requireTracefs() {
        Assumptions.assumeTrue(RecordingHost.obstacle() == null, () -> "Nothing can be recorded: " + RecordingHost.obstacle());
        Assumptions.assumeTrue(Files.isWritable(INSTANCES) && Files.exists(INSTANCES.resolveSibling("events/syscalls/sys_enter_mmap")),
                "This host has no tracefs that may be written, so nothing can be recorded.");
    }

    private static List<String> ownInstances() throws IOException {
        try (Stream<Path> all = Files.list(INSTANCES)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("janklab-" + ProcessHandle.current().pid())).toList();
        }
    }

    @Test
    void commandIsRecordedFromItsExecOn() throws IOException {
        Path file = folder.resolve("r.txt");
        try (Recorder recorder = new Recorder(BUFFER_MB)) {
            recorder.silence();
            assertThat(recorder.record(List.of("sh", "-c", "sleep 0.05; exit 3"), 0)).isEqualTo(3);
            recorder.write(file);
        }
        List<RecordedEvent> events = new ArrayList<>();
        ReadReport report = Recording.read(file, events::add);

        assertThat(report.misunderstood()).isZero();
        assertThat(report.has(EventKind.SWITCHES)).isTrue();
        assertThat(report.has(EventKind.CALLS)).isTrue();
        assertThat(events.stream().filter(RecordedEvent.Exec.class::isInstance)).isNotEmpty();
        assertThat(events.stream().mapToLong(RecordedEvent::ns).filter(ns -> ns >= 0)).isSorted();
        assertThat(ownInstances()).isEmpty();
    }

    /// In a locale whose case rules have confused procps' kill.
    private Process recorderOfItsOwn() throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), "io.janklab.workloads.cli.Main",
                "record", "--buffer", Integer.toString(BUFFER_MB), "--out", folder.resolve("out").toString(), "--", "sleep", "60")
                .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        command.environment().put("LC_ALL", "tr_TR.UTF-8");
        Process recorder = command.start();
        while (recorder.isAlive() && recorder.children().findAny().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return recorder;
    }

    private static List<String> instancesOf(Process recorder) throws IOException {
        try (Stream<Path> all = Files.list(INSTANCES)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("janklab-" + recorder.pid() + "-")).toList();
        }
    }

    private static void end(List<ProcessHandle> children) {
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void tracingIsOffAfterCtrlC() throws IOException, InterruptedException {
        Process recorder = recorderOfItsOwn();
        List<ProcessHandle> children = recorder.descendants().toList();
        assertThat(instancesOf(recorder)).as(Files.readString(folder.resolve("log"))).hasSize(2);
        new ProcessBuilder("kill", "-s", Interruption.here().name(), Long.toString(recorder.pid())).start().waitFor();

        recorder.waitFor();
        end(children);
        assertThat(instancesOf(recorder)).isEmpty();
    }

    @Test
    void tracingIsOffOnceAnotherIsBegunAfterKillNine() throws IOException, InterruptedException {
        Process recorder = recorderOfItsOwn();
        List<ProcessHandle> children = recorder.descendants().toList();
        recorder.destroyForcibly().waitFor();
        end(children);
        assertThat(instancesOf(recorder)).as(Files.readString(folder.resolve("log"))).hasSize(2);

        new Recorder(BUFFER_MB).close();
        assertThat(instancesOf(recorder)).isEmpty();
    }

    @Test
    void whatAKilledRecorderLeftIsRemoved() throws IOException {
        Path stale = Files.createDirectory(INSTANCES.resolve("janklab-99999999-sched"));

        try (Recorder recorder = new Recorder(BUFFER_MB)) {
            assertThat(recorder.warnings()).anyMatch(warning -> warning.contains("had left its tracing on"));
        }

        assertThat(stale).doesNotExist();
    }

    private static final String MARKER = "/sys/kernel/tracing/trace_marker";
    private static final Path UPROBES = Path.of("/sys/kernel/tracing/uprobe_events");

    private List<RecordedEvent> recorded(Recorder recorder, String... command) throws IOException {
        Path file = folder.resolve("r.txt");
        recorder.silence();
        recorder.record(List.of(command), 0);
        recorder.write(file);
        List<RecordedEvent> events = new ArrayList<>();
        Recording.read(file, events::add);
        return events;
    }

    private void requireMarkersOfThreeSlices(Recorder recorder) throws IOException {
        List<RecordedEvent> events = recorded(recorder, "sh", "-c",
                "for i in 1 2 3; do echo \"B|$$|work of $i\" > " + MARKER + "; sleep 0.002; echo E > " + MARKER + "; done");

        List<RecordedEvent.SliceBegin> begins = events.stream().filter(RecordedEvent.SliceBegin.class::isInstance)
                .map(RecordedEvent.SliceBegin.class::cast).filter(begin -> begin.name().startsWith("work of ")).toList();
        assertThat(begins).extracting(RecordedEvent.SliceBegin::name).containsExactly("work of 1", "work of 2", "work of 3");
        int shell = begins.getFirst().tid();
        for (RecordedEvent.SliceBegin begin : begins) {
            long end = events.stream().filter(event -> event instanceof RecordedEvent.SliceEnd last && last.tid() == shell)
                    .mapToLong(RecordedEvent::ns).filter(ns -> ns > begin.ns()).findFirst().orElseThrow();
            assertThat(events).as("its sleep lies between its marks").anyMatch(event -> event instanceof RecordedEvent.Switch off
                    && off.prev() == shell && off.ns() > begin.ns() && off.ns() < end);
            assertThat(end - begin.ns()).isGreaterThanOrEqualTo(2_000_000);
        }
    }

    @Test
    void markersOfTheProgramAreRecorded() throws IOException {
        Assumptions.assumeTrue(Files.isWritable(Path.of(MARKER)), "No program may write markers here.");
        try (Recorder recorder = new Recorder(BUFFER_MB)) {
            recorder.watch("work of 2", "sh");
            requireMarkersOfThreeSlices(recorder);
            assertThat(recorder.warnings()).noneMatch(warning -> warning.contains("did not occur"));
        }
    }

    /// Kernels before 6.16 have them in their own buffer alone, on a clock of its own.
    @Test
    void markersOfTheProgramAreFoundInTheKernelsOwnBuffer() throws IOException {
        Path on = Path.of("/sys/kernel/tracing/tracing_on");
        Assumptions.assumeTrue(Files.isWritable(Path.of(MARKER)) && Files.readString(on).strip().equals("1"),
                "The kernel's own buffer is switched off here.");
        String size = Files.readString(on.resolveSibling("buffer_size_kb"));
        try (Recorder recorder = new Recorder(BUFFER_MB, false)) {
            requireMarkersOfThreeSlices(recorder);
        }
        assertThat(Files.readString(on.resolveSibling("buffer_size_kb"))).startsWith(size.strip().split(" ")[0]);
    }

    @Test
    void functionIsAnOperationByAUprobe() throws IOException {
        Path libc = ProbedCall.file();
        Assumptions.assumeTrue(Files.isWritable(UPROBES) && libc != null, "This kernel has no uprobes.");
        List<RecordedEvent> events;
        try (Recorder recorder = new Recorder(BUFFER_MB)) {
            assertThat(recorder.watch("uprobe " + libc + ":malloc", "sh")).isEqualTo("malloc");
            recorder.measureCost();
            events = recorded(recorder, "sh", "-c", "echo");
            assertThat(recorder.warnings()).noneMatch(warning -> warning.contains("did not occur"));
        }
        assertThat(events).anyMatch(event -> event instanceof RecordedEvent.ProbeCost cost && cost.costNs() > 0)
                .anyMatch(event -> event instanceof RecordedEvent.FunctionEnter enter && enter.probe().equals("malloc"))
                .anyMatch(event -> event instanceof RecordedEvent.FunctionReturn leave && leave.probe().equals("malloc__return"));
        assertThat(Files.readString(UPROBES)).doesNotContain("janklab_" + ProcessHandle.current().pid() + "/");
    }

    @Test
    void uprobeOfAKilledRecorderIsRemoved() throws IOException {
        Path libc = ProbedCall.file();
        Assumptions.assumeTrue(Files.isWritable(UPROBES) && libc != null, "This kernel has no uprobes.");
        Files.writeString(UPROBES, "p:janklab_99999999/labs " + libc + ":0x" + Long.toHexString(ElfSymbols.functions(libc).get("labs")),
                StandardOpenOption.APPEND);

        try (Recorder recorder = new Recorder(BUFFER_MB)) {
            assertThat(recorder.warnings()).anyMatch(warning -> warning.contains("had left its tracing on"));
        }
        assertThat(Files.readString(UPROBES)).doesNotContain("janklab_99999999");
    }

    @Test
    void functionThatIsNotThereIsNamed() throws IOException {
        Path libc = ProbedCall.file();
        Assumptions.assumeTrue(Files.isWritable(UPROBES) && libc != null, "This kernel has no uprobes.");
        try (Recorder recorder = new Recorder(BUFFER_MB)) {
            assertThatThrownBy(() -> recorder.watch("uprobe " + libc + ":mallo", "sh")).isInstanceOf(BadInput.class)
                    .hasMessageContaining("has no function 'mallo'").hasMessageContaining("malloc");
            assertThatThrownBy(() -> recorder.watch("uprobe /proc/version:f", "sh")).isInstanceOf(BadInput.class)
                    .hasMessageContaining("it is no ELF program or library");
            assertThatThrownBy(() -> recorder.watch("uprobe", "sh")).isInstanceOf(BadInput.class)
                    .hasMessageContaining("named by its function");
            assertThatThrownBy(() -> recorder.watch("uprobe " + libc + ":0xzz", "sh")).isInstanceOf(BadInput.class)
                    .hasMessageContaining("is no place in");
            assertThatThrownBy(() -> recorder.watch("sys_nothing", "sh")).isInstanceOf(BadInput.class)
                    .hasMessageContaining("no event of a system call 'nothing'");
        }
    }

    @Test
    void operationThatDoesNotOccurIsToldAfterwards() throws IOException {
        try (Recorder recorder = new Recorder(BUFFER_MB)) {
            recorder.watch("sys_sync", "true");
            recorded(recorder, "true");
            assertThat(recorder.warnings()).contains("'sys_sync' (--operation) did not occur while it was recorded.");
        }
    }

    @Test
    void commandThatIsNotThereIsNamed() throws IOException {
        try (Recorder recorder = new Recorder(BUFFER_MB)) {
            assertThatThrownBy(() -> recorder.record(99_999_999, 0.01)).isInstanceOf(BadInput.class)
                    .hasMessageContaining("there is no process 99999999");
        }
        assertThat(ownInstances()).isEmpty();
    }

    @Test
    void configurationForAPhoneNamesTheApp() {
        assertThat(AndroidConfig.text("com.example.app", 5)).contains("atrace_apps: \"com.example.app\"", "duration_ms: 5000",
                "disable_generic_events: false");
    }
}
