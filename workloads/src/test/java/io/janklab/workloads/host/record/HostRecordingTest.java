package io.janklab.workloads.host.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.program.AdviceWords;
import io.janklab.program.Argument;
import io.janklab.program.Call;
import io.janklab.program.Operation;
import io.janklab.workloads.host.program.KnownDifferences;
import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.program.SyscallProgramGenerator;
import io.janklab.workloads.host.space.PageState;
import io.janklab.workloads.host.space.SimulatedAddressSpace;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostProperty;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The simulated kernel against real ones as they answered once, on whatever host this runs.
final class HostRecordingTest {
    private static final String LINUX_6_18 = "linux-6.18-x86_64.txt.gz";

    private static HostRecording recording(String name) throws IOException {
        try (InputStream in = HostRecordingTest.class.getResourceAsStream(name)) {
            return RecordingFile.read(name, in.readAllBytes());
        }
    }

    private static HostRecording changed(HostRecording recording, HostProperty property) {
        List<HostProperty> all = new ArrayList<>(recording.properties().all());
        all.add(property);
        return new HostRecording(recording.release(), recording.architecture(), recording.kind(), new HostProperties(all),
                recording.programs());
    }

    @ParameterizedTest
    @CsvSource({LINUX_6_18 + ", 500", "linux-6.18-x86_64-fork.txt.gz, 60", "linux-6.18-x86_64-files.txt.gz, 60",
            "linux-6.18-x86_64-shared.txt.gz, 60", "linux-6.18-x86_64-huge.txt.gz, 60"})
    void simulatedKernelAnswersAsTheRecordedOneDid(String name, int programs) throws IOException {
        RecordRun.Outcome outcome = RecordRun.against(recording(name), name, 5);
        assertThat(outcome.divergences()).isEmpty();
        assertThat(outcome.agreed()).isEqualTo(outcome.of()).isGreaterThanOrEqualTo(programs);
    }

    @Test
    void recordedProgramsUseEveryCallAndEveryAdvice() throws IOException {
        List<Call> calls = recording(LINUX_6_18).programs().stream().flatMap(program -> program.program().calls().stream()).toList();
        Set<Operation> operations = EnumSet.noneOf(Operation.class);
        Set<String> advice = new HashSet<>();
        for (Call call : calls) {
            operations.add(call.operation());
            if (call.operation() == Operation.MADVISE) {
                advice.add(Argument.ADVICE.format(call.c()));
            }
        }
        assertThat(operations).containsExactlyInAnyOrderElementsOf(Operation.ON_HOSTS);
        assertThat(advice).containsAll(AdviceWords.all());
    }

    /// Each is a property of that host which it was asked for; with another the kernels would seem to disagree.
    @ParameterizedTest
    @CsvSource({"zero-page, off", "execute-only, readable", "anon-vma-name, on", "ksm, off", "memory-failure, on", "mseal, off",
            "pt-reclaim, off",
        "madvise.guard.lock, none", "process-madvise, hints"})
    void anotherPropertyThanTheHostsGivesOtherAnswers(String key, String value) throws IOException {
        HostRecording otherHost = changed(recording(LINUX_6_18), HostProperty.of(Switch.byKey(key), value));
        assertThat(RecordRun.against(otherHost, LINUX_6_18, 1).divergences()).hasSize(1);
    }

    @Test
    void recordingReadsBackAsItWasWritten() {
        KernelProfile profile = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64);
        HostProperties properties = new HostProperties(List.of(HostProperty.of(Switch.ZERO_PAGE, "off"),
                HostProperty.told("swap", "none", "none")));
        ProgramRecorder recorder = new ProgramRecorder(new SimulatedAddressSpace(Architecture.X86_64, profile, properties));
        SyscallProgramGenerator generator = new SyscallProgramGenerator(5, ProgramKind.ANONYMOUS.mix(), KnownDifferences.documented());
        List<AnsweredProgram> programs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            programs.add(recorder.record(generator.next(40)));
        }
        HostRecording recording = new HostRecording("6.17.1-test", Architecture.X86_64, ProgramKind.FORK, properties, programs);
        for (boolean compressed : new boolean[] {false, true}) {
            assertThat(RecordingFile.read("again", RecordingFile.bytes(recording, compressed))).isEqualTo(recording);
        }
        assertThat(RecordRun.against(recording, "again", 1).divergences()).isEmpty();
        assertThat(programs).flatExtracting(AnsweredProgram::steps).noneMatch(step -> step.left().pages().indexOf(PageState.ZERO) >= 0);
    }

    @Test
    void divergenceIsAProgramWithBothAnswers() {
        String text = """
                janklab-recording 1
                release 6.17.0
                architecture X86_64
                program
                mmap @4 1p r private|anonymous|fixed
                 > EPERM
                munmap @4 1p
                 > 0
                """;
        HostRecording recording = RecordingFile.read("r", text.getBytes(StandardCharsets.UTF_8));
        assertThat(RecordRun.against(recording, "r", 1).divergences().getFirst())
                .contains("mmap @4 1p r private|anonymous|fixed\n", "#   EPERM", "#   @4")
                .doesNotContain("munmap");
        assertThat(SyscallProgram.parse("script", RecordRun.against(recording, "r", 1).divergences().getFirst().lines().toList()).size())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "'something else'; 'r is not a recording: it should begin with ''janklab-recording 1''.'",
        "'janklab-recording 1\nprogram\nmunmap @0 1p\n > 0'; 'r does not say which release and architecture it was recorded on.'",
        "'janklab-recording 1\nrelease 6.1\narchitecture vax'; 'r:3: ''vax'' is no architecture that is simulated.'",
        "'janklab-recording 1\nkind odd'; 'r:2: ''odd'' is no kind of programs.'",
        "'janklab-recording 1\nrelease 6.1\nodd'; 'r:3: "
                + "expected ''release'', ''architecture'', ''kind'', ''property'' or ''program'', not ''odd''.'",
        "'janklab-recording 1\nproperty zero-page off'; 'r:2: a property should read ''NAME = FOUND, simulated as HOW''.'",
        "'janklab-recording 1\nprogram\nmunmap @0 1p'; 'r:4: expected what the call answered, '' > …''.'",
        "'janklab-recording 1\nprogram\nmunmap @0 1p\n > 0\n p @x zz'; 'r:5: ''p @x zz'' cannot be read.'",
        "'janklab-recording 1\nprogram\nmunmap @0 1p\n > 0\n v everything'; 'r:5: ''v everything'' cannot be read.'",
        "'janklab-recording 1\nprogram\nmunmap 0x7f0000000000 1p\n > 0'; 'r:3: this call could reach outside of the region @0 to @2048.'"
    })
    void whatCannotBeReadIsNamedWithItsLine(String text, String sentence) {
        assertThatThrownBy(() -> RecordingFile.read("r", text.getBytes(StandardCharsets.UTF_8))).isInstanceOf(BadInput.class)
                .hasMessage(sentence);
    }

    @Test
    void kernelOlderThanAllIsSaidSo() {
        HostRecording old = RecordingFile.read("r",
                "janklab-recording 1\nrelease 4.4.0\narchitecture X86_64\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> RecordRun.against(old, "r", 1)).isInstanceOf(BadInput.class)
                .hasMessage("r was recorded on Linux 4.4.0, which is older than every simulated kernel.");
    }
}
