package io.janklab.workloads.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.kernel.config.Switch;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Core time of threads that are not replayed is taken again at the same places.
final class CoresOfOthersTest {
    private static final double MS = 1e6;

    @TempDir
    Path folder;

    private final StringBuilder text = new StringBuilder("# tracer: nop\n# machine: 6.18.1 x86_64 2 1048576\n");

    private void line(double us, String task, int tid, int tgid, int cpu, String event) {
        text.append(String.format(Locale.ROOT, "%16s-%d (%5d) [%03d] ..... %.6f: %s%n", task, tid, tgid, cpu, 1 + us / 1e6, event));
    }

    private void switched(double us, int cpu, String prev, int prevTid, int tgid, String state, String next, int nextTid) {
        line(us, prev, prevTid, tgid, cpu, String.format(
                "sched_switch: prev_comm=%s prev_pid=%d prev_prio=120 prev_state=%s ==> next_comm=%s next_pid=%d next_prio=120",
                prev, prevTid, state, next, nextTid));
    }

    private void mmap(double us, String address) {
        line(us, "main", 100, 100, 0, "sys_mmap(addr: 0, len: 0x10000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        line(us + 5, "main", 100, 100, 0, "sys_mmap -> " + address);
    }

    private RecordedCase recorded() throws IOException {
        Path file = Files.writeString(folder.resolve("others.txt"), text);
        return RecordedCase.open(file, new RecordedCase.Hints("main", null, null, null));
    }

    private static long count(RecordedThread thread, Op op) {
        Ops.Reader reader = thread.ops.reader();
        return Stream.iterate(reader.next(), next -> next != null, next -> reader.next()).filter(next -> next == op).count();
    }

    private RecordedThread main(RecordedCase recorded) {
        return recorded.workload().threads.stream().filter(thread -> thread.tid == 100).findFirst().orElseThrow();
    }

    @Test
    void aThreadThatOthersKeptFromItsCoreIsKeptFromItAsLong() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        mmap(10, "0x7f0000000000");
        switched(2_000, 0, "main", 100, 100, "R", "cc1", 900);
        switched(7_000, 0, "cc1", 900, 900, "R", "main", 100);
        line(9_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");
        RecordedCase recorded = recorded();

        assertThat(count(main(recorded), Op.WITHOUT_CORE)).isEqualTo(1);
        assertThat(recorded.nullTest().replayed().runTimeNs / MS).isCloseTo(9, within(0.3));
    }

    @Test
    void whoeverLosesItsCoreInACallHoldsItsLocksMeanwhile() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        mmap(10, "0x7f0000000000");
        for (int page = 0; page < 16; page++) {
            line(20 + page, "main", 100, 100, 0,
                    "page_fault_user: address=0x7f000000" + Integer.toHexString(page) + "010 ip=0x1 error_code=0x6");
        }
        line(100, "main", 100, 100, 0, "sys_munmap(addr: 0x7f0000000000, len: 0x10000)");
        switched(110, 0, "main", 100, 100, "R", "cc1", 900);
        switched(6_110, 0, "cc1", 900, 900, "R", "main", 100);
        line(6_120, "main", 100, 100, 0, "sys_munmap -> 0x0");
        line(9_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");
        RecordedCase recorded = recorded();
        ObservedFigures replayed = recorded.nullTest().replayed();

        assertThat(count(main(recorded), Op.LOSES_CORE)).isEqualTo(1);
        assertThat(replayed.latencies.percentile("munmap", 50) / MS).isCloseTo(6, within(0.3));
        assertThat(replayed.latencies.percentile("mmap_lock hold", 99) / MS).as("it was taken off its core with the lock")
                .isCloseTo(6, within(0.3));
    }

    private void lock(double us, String task, int tid, int cpu, String step, boolean toWrite) {
        line(us, task, tid, 100, cpu, "mmap_lock_" + step.replace("returned", "acquire_returned") + ": mm=01 memcg_id=1 write=" + toWrite
                + (step.equals("returned") ? " success=true" : ""));
    }

    /// As on a busy machine: the wake-up comes before it has left its core, and others have that for 6 ms.
    @Test
    void aReaderWokenForMmapLockHasItBeforeItRuns() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        switched(1, 1, "swapper/1", 0, 0, "R", "worker", 101);
        mmap(10, "0x7f0000000000");
        line(20, "main", 100, 100, 0, "page_fault_user: address=0x7f0000000010 ip=0x1 error_code=0x6");
        lock(21, "main", 100, 0, "start_locking", false);
        line(22, "main", 100, 100, 0, "contention_begin: 01 (flags=READ)");
        line(23, "worker", 101, 100, 1, "sched_waking: comm=main pid=100 prio=120 target_cpu=000");
        switched(24, 0, "main", 100, 100, "D", "cc1", 900);
        line(1_000, "worker", 101, 100, 1, "sys_mmap(addr: 0, len: 0x10000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        lock(1_001, "worker", 101, 1, "start_locking", true);
        switched(1_010, 1, "worker", 101, 100, "D", "swapper/1", 0);
        switched(6_024, 0, "cc1", 900, 900, "R", "main", 100);
        lock(6_025, "main", 100, 0, "returned", false);
        lock(6_027, "main", 100, 0, "released", false);
        line(6_028, "main", 100, 100, 0, "sched_waking: comm=worker pid=101 prio=120 target_cpu=001");
        switched(6_030, 1, "swapper/1", 0, 0, "R", "worker", 101);
        lock(6_031, "worker", 101, 1, "returned", true);
        lock(6_033, "worker", 101, 1, "released", true);
        line(6_034, "worker", 101, 100, 1, "sys_mmap -> 0x7f0000100000");
        line(8_000, "worker", 101, 100, 1, "sched_process_exit: comm=worker pid=101 prio=120");
        line(9_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");
        RecordedCase recorded = recorded();
        ObservedFigures replayed = recorded.nullTest().replayed();

        assertThat(count(main(recorded), Op.FAULT_LOSES_CORE)).isEqualTo(1);
        assertThat(recorded.workload().gaps).doesNotContainKey("asleep for an unknown reason");
        assertThat(recorded.nullTest().recorded().latencies.total(ObservedFigures.MMAP_LOCK_WRITE) / MS).isCloseTo(5, within(0.1));
        assertThat(replayed.latencies.total(ObservedFigures.MMAP_LOCK_WRITE) / MS).as("the writer waits as long").isCloseTo(5, within(0.3));
    }

    @Test
    void whatTheProcessesOwnThreadsTookIsHandedOutAnew() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        mmap(10, "0x7f0000000000");
        switched(2_000, 0, "main", 100, 100, "R", "worker", 101);
        switched(7_000, 0, "worker", 101, 100, "R", "main", 100);
        line(9_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");

        assertThat(count(main(recorded()), Op.WITHOUT_CORE)).isZero();
    }

    @Test
    void aCallThatTookMuchLongerThanWhatItDoesTakesWasHeldUpForTheDifference() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        for (int i = 0; i < 12; i++) {
            mmap(10 + i * 100, "0x7f00000" + Integer.toHexString(i) + "0000");
        }
        line(2_000, "main", 100, 100, 0, "sys_mmap(addr: 0, len: 0x10000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        line(2_705, "main", 100, 100, 0, "sys_mmap -> 0x7f0000100000");
        line(9_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");
        RecordedCase recorded = recorded();

        assertThat(recorded.nullTest().replayed().latencies.percentile("mmap", 100) / MS).isCloseTo(0.7, within(0.05));
    }

    /// The thread is preempted `times` times outside of mm calls, as `state` says.
    private RecordedCase preempted(int times, String state) throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        mmap(10, "0x7f0000000000");
        for (int i = 0; i < times; i++) {
            switched(1_000 + i * 100, 0, "main", 100, 100, state, "cc1", 900);
            switched(1_050 + i * 100, 0, "cc1", 900, 900, "S", "main", 100);
        }
        line(9_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");
        return recorded();
    }

    @Test
    void aKernelThatPreemptsNobodyInTheKernelYieldsOnTheWayOutOnly() throws IOException {
        assertThat(preempted(60, "R").recordedKernel().value(Switch.PREEMPT)).isEqualTo("none");
    }

    @Test
    void aKernelThatPreemptsInTheKernelPreemptsAnywhere() throws IOException {
        assertThat(preempted(60, "R+").recordedKernel().value(Switch.PREEMPT)).isEqualTo("full");
    }

    @Test
    void whatTheRecorderSaysOfPreemptionNeedsNoConclusion() throws IOException {
        text.setLength(0);
        text.append("# tracer: nop\n# machine: 6.18.1 x86_64 2 1048576 none\n");

        assertThat(preempted(1, "R+").recordedKernel().value(Switch.PREEMPT)).isEqualTo("none");
    }

    @Test
    void aKernelOfAnotherVersionPreemptsAsTheRecordedOneDid() throws IOException {
        RecordedCase recorded = preempted(60, "R");

        assertThat(recorded.settings("6.1")).containsExactly(Map.entry("preempt", "none"));
        assertThat(recorded.settings("6.1+preempt=full")).as("it says so itself").isEmpty();
    }

    @Test
    void othersThatHadTheCoreForMostOfAWaitHaveItForAllOfIt() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        mmap(10, "0x7f0000000000");
        switched(2_000, 0, "main", 100, 100, "R", "cc1", 900);
        switched(5_000, 0, "cc1", 900, 900, "R", "worker", 101);
        switched(7_000, 0, "worker", 101, 100, "S", "main", 100);
        line(9_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");

        assertThat(recorded().nullTest().replayed().runTimeNs / MS).isCloseTo(9, within(0.3));
    }

    @Test
    void aThreadThatIsWokenForALockMayWaitForACoreBeforeItTakesIt() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        mmap(10, "0x7f0000000000");
        line(100, "main", 100, 100, 0, "sys_munmap(addr: 0x7f0000000000, len: 0x10000)");
        line(101, "main", 100, 100, 0, "mmap_lock_start_locking: mm=1 memcg_id=1 write=true");
        switched(102, 0, "main", 100, 100, "D", "cc1", 900);
        line(2_000, "cc1", 900, 900, 0, "sched_waking: comm=main pid=100 prio=120 target_cpu=000");
        switched(4_000, 0, "cc1", 900, 900, "R", "main", 100);
        line(4_001, "main", 100, 100, 0, "mmap_lock_acquire_returned: mm=1 memcg_id=1 write=true success=true");
        line(4_010, "main", 100, 100, 0, "mmap_lock_released: mm=1 memcg_id=1 write=true");
        line(4_011, "main", 100, 100, 0, "sys_munmap -> 0x0");
        line(9_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");
        Ops.Reader reader = main(recorded()).ops.reader();
        Op op = reader.next();
        while (op != Op.LOSES_CORE) {
            op = reader.next();
        }

        assertThat(reader.operand(4)).isEqualTo(Op.WOKEN_FOR_MMAP_LOCK);
    }

    @Test
    void acquisitionsThatTakeHardlyLongerThanTheirTracingAreNoWaits() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        for (int i = 0; i < 10; i++) {
            line(100 + i * 10, "main", 100, 100, 0, "mmap_lock_start_locking: mm=1 memcg_id=1 write=true");
            line(102 + i * 10, "main", 100, 100, 0, "mmap_lock_acquire_returned: mm=1 memcg_id=1 write=true success=true");
            line(103 + i * 10, "main", 100, 100, 0, "mmap_lock_released: mm=1 memcg_id=1 write=true");
        }
        mmap(1_000, "0x7f0000000000");
        ObservedFigures figures = recorded().nullTest().recorded();

        assertThat(figures.latencies.count(ObservedFigures.MMAP_LOCK_WRITE)).isEqualTo(10);
        assertThat(figures.latencies.total(ObservedFigures.MMAP_LOCK_WRITE)).isZero();
    }

    /// Some hosts' tracepoints do not show switches from a core's idle task.
    @Test
    void aThreadWokenOnAnIdleCoreHasItFromThenOnThoughNoEventShowsTheSwitch() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        mmap(10, "0x7f0000000000");
        switched(1_000, 0, "main", 100, 100, "S", "swapper/0", 0);
        line(3_000, "<idle>", 0, 0, 1, "sched_waking: comm=main pid=100 prio=120 target_cpu=001");
        switched(8_000, 1, "main", 100, 100, "S", "swapper/1", 0);
        line(9_000, "<idle>", 0, 0, 1, "sched_waking: comm=main pid=100 prio=120 target_cpu=001");
        line(9_020, "main", 100, 100, 1, "page_fault_user: address=0x7f0000000010 ip=0x1 error_code=0x6");
        line(11_000, "main", 100, 100, 1, "sched_process_exit: comm=main pid=100 prio=120");
        RecordedCase recorded = recorded();

        assertThat(main(recorded).cpuNs / MS).isCloseTo(8, within(0.1));
        assertThat(recorded.nullTest().replayed().runTimeNs / MS).isCloseTo(11, within(0.3));
    }

    /// Of two cores others have one; the process's two threads take turns on what is left.
    @Test
    void aCoreThatOthersHadWhileAThreadWaitedForAnotherIsNotFreeInTheReplayEither() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        switched(1, 1, "swapper/1", 0, 0, "R", "cc1", 900);
        mmap(10, "0x7f0000000000");
        line(20, "main", 100, 100, 0, "task_newtask: pid=101 comm=worker clone_flags=3d0f00 oom_score_adj=0");
        line(21, "main", 100, 100, 0, "sched_wakeup_new: comm=worker pid=101 prio=120 target_cpu=000");
        for (int turn = 0; turn < 5; turn++) {
            switched(2_000 + turn * 4_000, 0, "main", 100, 100, "R", "worker", 101);
            if (turn == 4) {
                line(19_990, "worker", 101, 100, 0, "sched_process_exit: comm=worker pid=101 prio=120");
            }
            switched(4_000 + turn * 4_000, 0, "worker", 101, 100, "R", "main", 100);
        }
        switched(21_500, 1, "cc1", 900, 900, "S", "swapper/1", 0);
        line(22_000, "main", 100, 100, 0, "sched_process_exit: comm=main pid=100 prio=120");

        assertThat(recorded().nullTest().replayed().runTimeNs / MS).as("on both cores it would be 12").isCloseTo(21, within(1.5));
    }

    @Test
    void aNewThreadWaitsForACoreThatOthersHave() throws IOException {
        switched(0, 0, "swapper/0", 0, 0, "R", "main", 100);
        switched(1, 1, "swapper/1", 0, 0, "R", "cc1", 900);
        mmap(10, "0x7f0000000000");
        line(1_000, "main", 100, 100, 0, "task_newtask: pid=101 comm=main clone_flags=3d0f00 oom_score_adj=0");
        line(1_010, "main", 100, 100, 0, "sched_wakeup_new: comm=main pid=101 prio=120 target_cpu=001");
        switched(2_000, 0, "main", 100, 100, "S", "swapper/0", 0);
        switched(6_000, 1, "cc1", 900, 900, "R", "main", 101);
        line(8_000, "main", 101, 100, 1, "sched_process_exit: comm=main pid=101 prio=120");
        RecordedCase recorded = recorded();

        RecordedThread child = recorded.workload().threads.stream().filter(thread -> thread.tid == 101).findFirst().orElseThrow();
        assertThat(count(child, Op.WITHOUT_CORE)).isEqualTo(1);
        assertThat(recorded.nullTest().replayed().runTimeNs / MS).isCloseTo(8, within(0.3));
    }
}
