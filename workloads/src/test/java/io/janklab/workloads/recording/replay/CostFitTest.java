package io.janklab.workloads.recording.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.kernel.config.Cost;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.workload.ObservedFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class CostFitTest {
    private static final int CALLS = 40;
    private static final double US = 1e3;
    /// Taken out for each event.
    private static final double EVENT_US = 0.25;

    @TempDir
    Path folder;

    private final StringBuilder text = new StringBuilder("# tracer: nop\n# machine: 6.18.1 x86_64 2 1048576 none\n");
    private double now;

    private void event(double us, String event) {
        text.append(String.format(Locale.ROOT, "%16s-%d (%5d) [%03d] ..... %.6f: %s%n", "main", 100, 100, 0, 1 + us / 1e6, event));
    }

    /// Memory is mapped, written, and unmapped in `us`.
    private void unmaps(int pages, double us) {
        event(now, String.format("sys_mmap(addr: 0, len: 0x%x, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)", Math.max(1, pages) * 4096));
        event(now + 5, "sys_mmap -> 0x7f0000000000");
        for (int page = 0; page < pages; page++) {
            event(now + 10 + page, String.format("page_fault_user: address=0x%x ip=0x1 error_code=0x6", 0x7f0000000000L + page * 4096L));
        }
        event(now + 100, String.format("sys_munmap(addr: 0x7f0000000000, len: 0x%x)", Math.max(1, pages) * 4096));
        event(now + 100 + us, "sys_munmap -> 0x0");
        now += 1_000;
    }

    @Test
    void pagesWhoseTranslationsAreFlushedOneByOneHaveACostOfTheirOwn() throws IOException {
        event(0, "sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=main next_pid=100 next_prio=120");
        now = 10;
        for (int i = 0; i < CALLS; i++) {
            unmaps(16, 330);
            unmaps(64, 50);
        }
        RecordedCase recorded = recorded();
        ObservedFigures replayed = recorded.nullTest().replayed();

        assertThat(recorded.device().costs().ns(Cost.TLBI) / US).as("16 of them make the difference").isCloseTo(20, within(4.0));
        assertThat(replayed.undisturbed.percentile("munmap of 2^17", 50) / US).isCloseTo(330, within(40.0));
        assertThat(replayed.undisturbed.percentile("munmap of 2^19", 50) / US).isCloseTo(50, within(10.0));
    }

    /// Most calls find nothing to do, and a tenth changes a protection, as often as not splitting a VMA: which did what is the simulated
    /// kernel's knowledge, and a long call that did more was not held up.
    @Test
    void callsThatHaveMoreToDoThanMostOfTheirKindAreNotTakenForHeldUp() throws IOException {
        onCore(0, "main", 100);
        now = 10;
        event(now, "sys_mmap(addr: 0, len: 0x4000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        now = 15;
        event(now, "sys_mmap -> 0x7f0000000000");
        for (int i = 0; i < 400; i++) {
            boolean changes = i % 5 == 4;
            now += 4;
            int protection = changes ? 1 + i % 2 * 2 : 3 - i / 5 % 2 * 2;
            event(now, "sys_mprotect(start: 0x7f0000001000, len: 0x1000, prot: " + protection + ")");
            now += changes ? 6 : 1;
            event(now, "sys_mprotect -> 0x0");
        }
        ObservedFigures replayed = recorded().nullTest().replayed();

        assertThat(replayed.latencies.percentile("mprotect", 50) / US).isCloseTo(1, within(0.3));
        assertThat(replayed.latencies.percentile("mprotect", 95) / US).isCloseTo(6, within(0.5));
    }

    /// Of calls that do the same most take 100 µs, and some a fifth.
    @Test
    void callsThatTookLessThanHalfOfWhatTheyDoTakeTheirOwnTime() throws IOException {
        onCore(0, "main", 100);
        now = 10;
        for (int i = 0; i < CALLS; i++) {
            unmaps(16, i % 4 == 0 ? 20 : 100);
        }
        ObservedFigures replayed = recorded().nullTest().replayed();

        assertThat(replayed.latencies.percentile("munmap", 15) / US).isCloseTo(20, within(1.0));
        assertThat(replayed.latencies.percentile("munmap", 80) / US).isCloseTo(100, within(3.0));
    }

    /// An unmapping without pages takes 2 µs, with one 5, with 32 it takes 8.
    @Test
    void aFlushHasACostOfItsOwnBesideItsPages() throws IOException {
        onCore(0, "main", 100);
        now = 10;
        for (int i = 0; i < CALLS; i++) {
            unmaps(0, 2);
            unmaps(1, 5);
            unmaps(32, 8);
        }
        RecordedCase recorded = recorded();

        assertThat(recorded.device().costs().ns(Cost.TLB_FLUSH) / US).as("of three, part are page tables").isBetween(1.5, 3.0);
        assertThat(recorded.nullTest().medianError()).isLessThan(0.1);
    }

    /// brk and mmap make a VMA longer alike, and do not take as long.
    @Test
    void heapsThatGrowTellTheirOwnCost() throws IOException {
        onCore(0, "main", 100);
        now = 10;
        for (int i = 1; i <= CALLS; i++) {
            event(now, String.format("sys_brk(brk: 0x%x)", 0x555500000000L + i * 4096L));
            event(now + 2, String.format("sys_brk -> 0x%x", 0x555500000000L + i * 4096L));
            event(now + 5, "sys_mmap(addr: 0, len: 0x1000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
            event(now + 9, String.format("sys_mmap -> 0x%x", 0x7f0000000000L + i * 4096L));
            now += 12;
        }
        ObservedFigures replayed = recorded().nullTest().replayed();

        assertThat(replayed.latencies.percentile("brk", 50) / US).isCloseTo(2, within(0.2));
        assertThat(replayed.latencies.percentile("mmap", 50) / US).isCloseTo(4, within(0.2));
    }

    /// Faults that are over sooner than those on neighbouring pages: a replay that took the latter for usual could not catch up.
    @Test
    void aFaultTakesNoLongerThanUntilItsThreadsNextEvent() throws IOException {
        onCore(0, "main", 100);
        now = 10;
        event(now, "sys_mmap(addr: 0, len: 0x1000000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        event(now + 5, "sys_mmap -> 0x7f0000000000");
        now = 20;
        for (int i = 0; i < 3 * CALLS; i++) {
            event(now, String.format("page_fault_user: address=0x%x ip=0x1 error_code=0x6", 0x7f0000000000L + i * 0x10000L));
            event(now + 1, "sys_getpid()");
            event(now + 2, "sys_getpid -> 0x64");
            now += 3;
        }
        for (int i = 0; i < CALLS; i++) {
            event(now, String.format("page_fault_user: address=0x%x ip=0x1 error_code=0x6", 0x7f0000800000L + i * 4096L));
            now += 8;
        }

        assertThat(recorded().workload().faultNs / US).isCloseTo(1 - EVENT_US, within(0.05));
    }

    /// A child that exits at once: its parent's memory is copied, and taken down again, besides what else an exit does.
    @Test
    void whatAThreadsEndTakesBesidesItsMemoryStaysAsLong() throws IOException {
        onCore(0, "main", 100);
        now = 10;
        event(now, "sys_mmap(addr: 0, len: 0x1000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        event(now + 5, "sys_mmap -> 0x7f0000000000");
        now = 100;
        for (int tid = 201; tid <= 200 + CALLS; tid++) {
            event(now, "sys_clone(clone_flags: 0x1200011, newsp: 0, parent_tidptr: 0, child_tidptr: 0, tls: 0)");
            event(now + 80, "task_newtask: pid=" + tid + " comm=main clone_flags=1200011 oom_score_adj=0");
            event(now + 90, "sys_clone -> 0x" + Integer.toHexString(tid));
            event(now + 100, "sched_switch: prev_comm=main prev_pid=100 prev_prio=120 prev_state=S ==> next_comm=main next_pid=" + tid
                    + " next_prio=120");
            child(tid, now + 110, "sched_process_exit: comm=main pid=" + tid + " prio=120");
            child(tid, now + 405, "sched_waking: comm=main pid=100 prio=120 target_cpu=000");
            child(tid, now + 410, "sched_switch: prev_comm=main prev_pid=" + tid
                    + " prev_prio=120 prev_state=Z ==> next_comm=main next_pid=100 next_prio=120");
            now += 420;
        }
        event(now, "sched_process_exit: comm=main pid=100 prio=120");
        RecordedCase recorded = recorded();

        assertThat(recorded.nullTest().replayed().latencies.percentile(ObservedFigures.FORK, 50) / US).isCloseTo(80, within(4.0));
        assertThat(recorded.nullTest().runTime().percent()).isCloseTo(0, within(4.0));
    }

    private void child(int tid, double us, String event) {
        text.append(String.format(Locale.ROOT, "%16s-%d (%5d) [%03d] ..... %.6f: %s%n", "main", tid, tid, 0, 1 + us / 1e6, event));
    }

    private RecordedCase recorded() throws IOException {
        return RecordedCase.open(Files.writeString(folder.resolve("fit.txt"), text), RecordedCase.Hints.NONE);
    }

    private void onCore(int cpu, String name, int tid) {
        text.append(String.format(Locale.ROOT, "%16s-%d (%5d) [%03d] ..... %.6f: %s%n", "<idle>", 0, 0, cpu, 1 + now / 1e6,
                "sched_switch: prev_comm=swapper prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=" + name + " next_pid=" + tid
                        + " next_prio=120"));
    }

    private void newThread() {
        event(now, "task_newtask: pid=101 comm=other clone_flags=3d0f00 oom_score_adj=0");
    }

    /// Each time a page is mapped, written and given back, in `us`; the mapping stays.
    private void givesBack(double us) {
        event(now, "page_fault_user: address=0x7f0000000000 ip=0x1 error_code=0x6");
        event(now + 10, "sys_madvise(start: 0x7f0000000000, len_in: 0x1000, behavior: 4)");
        event(now + 10 + us, "sys_madvise -> 0x0");
        now += 15 + us;
    }

    @Test
    void flushesBesideAnotherThreadOfTheProcessTellWhatAnInterruptCosts() throws IOException {
        onCore(0, "main", 100);
        now = 10;
        event(now, "sys_mmap(addr: 0, len: 0x1000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        event(now + 5, "sys_mmap -> 0x7f0000000000");
        now = 30;
        for (int i = 0; i < CALLS; i++) {
            givesBack(3);
        }
        newThread();
        now += 5;
        onCore(1, "other", 101);
        now += 5;
        for (int i = 0; i < CALLS; i++) {
            givesBack(12);
        }
        ObservedFigures replayed = recorded().nullTest().replayed();

        assertThat(replayed.latencies.percentile("madvise(DONTNEED)", 40) / US).as("alone").isCloseTo(3, within(0.6));
        assertThat(replayed.latencies.percentile("madvise(DONTNEED)", 90) / US).as("beside the other").isCloseTo(12, within(1.2));
    }

    /// A page's protection is changed to and fro, `gap` µs after the last change, in `us`.
    private void protects(double gap, double us) {
        now += gap;
        event(now, "sys_mprotect(start: 0x7f0000000000, len: 0x1000, prot: " + (int) (now % 2) + ")");
        now += us;
        event(now, "sys_mprotect -> 0x0");
    }

    @Test
    void callsAfterAWhileInUserModeTellWhatAColdEntryCosts() throws IOException {
        onCore(0, "main", 100);
        now = 10;
        event(now, "sys_mmap(addr: 0, len: 0x1000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        now = 15;
        event(now, "sys_mmap -> 0x7f0000000000");
        for (int i = 0; i < CALLS; i++) {
            protects(10, 3);
        }
        for (int i = 0; i < CALLS; i++) {
            protects(100, 7);
        }
        RecordedCase recorded = recorded();
        ObservedFigures replayed = recorded.nullTest().replayed();

        assertThat(recorded.device().costs().ns(Cost.KERNEL_COLD) / US).isCloseTo(4, within(0.5));
        assertThat(replayed.latencies.percentile("mprotect", 40) / US).as("warm").isCloseTo(2.75, within(0.5));
        assertThat(replayed.latencies.percentile("mprotect", 90) / US).as("cold").isCloseTo(6.75, within(0.8));
    }

    @Test
    void theRecordersOwnTimeIsInTheNullTestAndNotInPredictions() throws IOException {
        text.append("# event-cost-ns: 1000\n");
        onCore(0, "main", 100);
        now = 3;
        event(now, "sys_mmap(addr: 0, len: 0x1000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        now = 10;
        event(now, "sys_mmap -> 0x7f0000000000");
        for (int i = 0; i < 1_000; i++) {
            protects(7, 3);
        }
        event(now, "sched_process_exit: comm=main pid=100 prio=120");
        RecordedCase recorded = recorded();

        assertThat(recorded.nullTest().replayed().runTimeNs / US).as("as recorded").isCloseTo(10_010, within(200.0));
        assertThat(Replays.run(recorded.replay(), recorded.recordedKernel(), 1).runTimeNs / US).as("two events less for each call")
                .isCloseTo(8_010, within(200.0));
    }
}
