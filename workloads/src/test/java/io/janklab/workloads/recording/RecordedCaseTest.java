package io.janklab.workloads.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.replay.Replays;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordedCaseTest {
    private static final int ROUNDS = 300;

    @TempDir
    Path folder;

    private RecordedCase recorded;

    @BeforeEach
    void read() throws IOException {
        Path file = Files.writeString(folder.resolve("sample.txt"), SampleRecording.text(ROUNDS));
        recorded = RecordedCase.open(file, new RecordedCase.Hints(null, "frame", null, null));
    }

    private static List<Op> opsOf(RecordedThread thread) {
        List<Op> ops = new ArrayList<>();
        Ops.Reader reader = thread.ops.reader();
        for (Op op = reader.next(); op != null; op = reader.next()) {
            if (op != Op.TOOK && op != Op.TRACED) {
                ops.add(op);
            }
        }
        return ops;
    }

    private RecordedThread thread(int tid) {
        return recorded.workload().threads.stream().filter(thread -> thread.tid == tid).findFirst().orElseThrow();
    }

    @Test
    void aRoundIsWorkCallsTouchesAndDependencies() {
        List<Op> worker = opsOf(thread(101));
        List<Op> main = opsOf(thread(100));

        assertThat(worker.subList(1, 12)).containsExactly(
                Op.AWAIT, Op.COMPUTE, Op.MMAP, Op.COMPUTE, Op.TOUCH, Op.COMPUTE, Op.TOUCH, Op.COMPUTE, Op.TOUCH, Op.COMPUTE, Op.TOUCH);
        assertThat(main.subList(0, 6)).containsExactly(Op.SPAWN, Op.SLEEP, Op.SLICE_BEGIN, Op.COMPUTE, Op.SIGNAL, Op.COMPUTE);
    }

    @Test
    void timersWithRegularEndsAreTakenForTimes() {
        assertThat(thread(100).isPeriodic).isTrue();
    }

    @Test
    void nullTestGivesBackWhatWasRecorded() {
        NullTest test = recorded.nullTest();

        assertThat(test.replayed().faults).isEqualTo(test.recorded().faults).isEqualTo(4L * ROUNDS);
        assertThat(test.replayed().latencies.count("mmap")).isEqualTo(ROUNDS);
        assertThat(Math.abs(test.runTime().percent())).isLessThan(1);
        assertThat(test.replayed().latencies.percentile("operation frame", 50)).isBetween(1_900_000L, 2_200_000L);
        assertThat(test.medianError()).isLessThan(0.32);
        recorded.requireNullTest(2);
    }

    private RecordedCase about(String operation) {
        return RecordedCase.open(folder.resolve("sample.txt"), new RecordedCase.Hints(null, operation, null, null));
    }

    @Test
    void aCallIsAnOperationInTheReplayToo() {
        NullTest test = about("sys_mmap").nullTest();

        for (ObservedFigures figures : List.of(test.recorded(), test.replayed())) {
            assertThat(figures.latencies.count("operation sys_mmap")).isEqualTo(ROUNDS);
            assertThat(figures.latencies.percentile("operation sys_mmap", 50))
                    .isCloseTo(figures.latencies.percentile("mmap", 50), within(500L));
        }
    }

    @Test
    void aCallThatIsNotOfMmIsAnOperationInTheReplayToo() throws IOException {
        String main = "            main-100 (  100) [000] ..... 1.%06d: %s%n";
        String text = "# tracer: nop%n# machine: 6.18.1 x86_64 2 1048576 none%n".formatted()
                + main.formatted(0, "sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=main "
                        + "next_pid=100 next_prio=120")
                + main.formatted(10, "sys_fsync(fd: 3)") + main.formatted(2_010, "sys_fsync -> 0x0")
                + main.formatted(5_000, "sched_process_exit: comm=main pid=100 prio=120");
        NullTest test = RecordedCase.open(Files.writeString(folder.resolve("fsync.txt"), text),
                new RecordedCase.Hints(null, "fsync", null, null)).nullTest();

        assertThat(test.recorded().latencies.percentile("operation fsync", 50)).isCloseTo(2_000_000, within(10_000L));
        assertThat(test.replayed().latencies.percentile("operation fsync", 50)).isCloseTo(2_000_000, within(10_000L));
    }

    @Test
    void anOperationThatIsNotRecordedIsRefused() {
        assertThatThrownBy(() -> about("nosuch")).isInstanceOf(BadInput.class).hasMessageContaining("has no call, slice or uprobe named "
                + "'nosuch' (--operation); its most frequent slices and probes are frame.");
    }

    private RecordedCase probed(String... events) throws IOException {
        String line = "            main-100 (  100) [000] ..... 1.%06d: %s%n";
        StringBuilder text = new StringBuilder("# tracer: nop\n# machine: 6.18.1 x86_64 2 1048576 none\n# probe-cost-ns: 4000\n");
        text.append(line.formatted(0, "sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=main "
                + "next_pid=100 next_prio=120"));
        for (int i = 0; i < events.length; i++) {
            text.append(line.formatted(1_000 * (i + 1), events[i]));
        }
        text.append(line.formatted(90_000, "sched_process_exit: comm=main pid=100 prio=120"));
        return RecordedCase.open(Files.writeString(folder.resolve("probed.txt"), text), new RecordedCase.Hints(null, "uprobe frame", null,
                null));
    }

    @Test
    void aProbedFunctionIsAnOperationUpToItsReturn() throws IOException {
        NullTest test = probed("frame: (0x55e0073131a9)", "other: (0x55e007313111)", "draw_ret: (0x55e0073132ff <- 0x55e007313111)",
                "frame_ret: (0x55e00731328c <- 0x55e0073131a9) ret=0x0").nullTest();

        for (ObservedFigures figures : List.of(test.recorded(), test.replayed())) {
            assertThat(figures.latencies.count("operation frame")).isEqualTo(1);
            assertThat(figures.latencies.percentile("operation frame", 50)).isCloseTo(3_000_000, within(10_000L));
        }
    }

    @Test
    void aFunctionThatCallsItselfIsAnOperationEachTime() throws IOException {
        NullTest test = probed("frame: (0x55e0073131a9)", "frame: (0x55e0073131a9)", "frame__return: (0x55e007313200 <- 0x55e0073131a9)",
                "frame__return: (0x55e00731328c <- 0x55e0073131a9)").nullTest();

        assertThat(test.recorded().latencies.percentile("operation frame", 100)).isCloseTo(3_000_000, within(10_000L));
        assertThat(test.replayed().latencies.percentile("operation frame", 1)).isCloseTo(1_000_000, within(10_000L));
    }

    @Test
    void aProbeWithoutItsReturnIsNoOperation() {
        assertThatThrownBy(() -> probed("frame: (0x55e0073131a9)")).isInstanceOf(BadInput.class)
                .hasMessageContaining("has no end of 'frame' (--operation)");
    }

    @Test
    void replaysAreTheSameEachTimeAndDoTheSameOnEveryKernel() {
        KernelProfile old = KernelProfile.of(KernelVersion.byLabel("6.1"), recorded.device().hardware().architecture());
        ObservedFigures first = Replays.run(recorded.replay(), old, 1);
        ObservedFigures second = Replays.run(recorded.replay(), old, 1);

        assertThat(second.runTimeNs).isEqualTo(first.runTimeNs);
        assertThat(second.switches).isEqualTo(first.switches);
        assertThat(first.faults).isEqualTo(4L * ROUNDS);
        assertThat(first.strayTouches).isZero();
    }

    @Test
    void whoeverIsOffByMoreThanTheLimitIsRefused() {
        assertThatThrownBy(() -> recorded.requireNullTest(1)).isInstanceOf(BadInput.class)
                .hasMessageContaining("nothing is predicted from it");
    }

    @Test
    void unknownProcessIsNamedTogetherWithThoseThereAre() {
        assertThatThrownBy(() -> RecordedCase.open(folder.resolve("sample.txt"), new RecordedCase.Hints("nobody", null, null, null)))
                .isInstanceOf(BadInput.class).hasMessageContaining("no process of sample is called 'nobody'; the busiest are main");
    }
}
