package io.janklab.workloads.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forks, `execve`, calls that fail and faults that race: whatever was recorded of memory is done again, as often as it was.
final class AddressSpacesTest {
    private static final String FORK = "1200011";
    private static final String VFORK = "4111";
    private static final String THREAD = "3d0f00";

    @TempDir
    Path folder;

    private final StringBuilder text = new StringBuilder("# tracer: nop\n# machine: 6.18.1 x86_64 2 1048576\n");
    private double us = 1_000_000;
    private int childTgid = 101;

    private void line(String task, int tid, int tgid, int cpu, String event) {
        us += 10;
        text.append(String.format(Locale.ROOT, "%16s-%d (%5d) [%03d] ..... %.6f: %s%n", task, tid, tgid, cpu, us / 1e6, event));
    }

    private void onCore(int cpu, String name, int tid) {
        line("<idle>", 0, 0, cpu, String.format(
                "sched_switch: prev_comm=swapper prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=%s next_pid=%d next_prio=120", name,
                tid));
    }

    private void parent(String event) {
        line("parent", 100, 100, 0, event);
    }

    private void child(String event) {
        line("child", 101, childTgid, 1, event);
    }

    @BeforeEach
    void parentMapsAndTouches() {
        onCore(0, "parent", 100);
        parent("sys_mmap(addr: 0, len: 0x2000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        parent("sys_mmap -> 0x7f0000000000");
        parent("page_fault_user: address=0x7f0000000010 ip=0x1 error_code=0x6");
    }

    private void parentForks(String flags) {
        parent("sys_clone(clone_flags: 0x" + flags + ", newsp: 0, parent_tidptr: 0, child_tidptr: 0, tls: 0)");
        parent("task_newtask: pid=101 comm=child clone_flags=" + flags + " oom_score_adj=0");
        parent("sys_clone -> 0x65");
        onCore(1, "child", 101);
    }

    private RecordedCase recorded() throws IOException {
        child("sched_process_exit: comm=child pid=101 prio=120");
        parent("sched_process_exit: comm=parent pid=100 prio=120");
        return RecordedCase.open(Files.writeString(folder.resolve("spaces.txt"), text), RecordedCase.Hints.NONE);
    }

    private static List<Op> opsOf(RecordedCase recorded, int tid) {
        RecordedThread thread = recorded.workload().threads.stream().filter(one -> one.tid == tid).findFirst().orElseThrow();
        List<Op> ops = new ArrayList<>();
        Ops.Reader reader = thread.ops.reader();
        for (Op op = reader.next(); op != null; op = reader.next()) {
            if (op != Op.COMPUTE && op != Op.TOOK && op != Op.TRACED) {
                ops.add(op);
            }
        }
        return ops;
    }

    @Test
    void aForkedChildFindsWhatItsParentHadMapped() throws IOException {
        parentForks(FORK);
        child("page_fault_user: address=0x7f0000000010 ip=0x1 error_code=0x7");
        child("sys_munmap(addr: 0x7f0000000000, len: 0x2000)");
        child("sys_munmap -> 0x0");
        parent("page_fault_user: address=0x7f0000000010 ip=0x1 error_code=0x7");
        RecordedCase recorded = recorded();
        ObservedFigures replayed = recorded.nullTest().replayed();

        assertThat(opsOf(recorded, 101)).containsExactly(Op.TOUCH, Op.MUNMAP, Op.EXIT);
        assertThat(replayed.faults).isEqualTo(3);
        assertThat(replayed.strayTouches).isZero();
        assertThat(replayed.presentTouches).as("both sides copy on write, or reuse").isZero();
        assertThat(replayed.latencies.count("fork")).isEqualTo(1);
    }

    @Test
    void whatAChildUnmapsItsParentStillHasUnlessTheyShareMemory() throws IOException {
        parentForks(FORK);
        child("sys_munmap(addr: 0x7f0000000000, len: 0x2000)");
        child("sys_munmap -> 0x0");
        parent("page_fault_user: address=0x7f0000001010 ip=0x1 error_code=0x6");

        assertThat(recorded().nullTest().replayed().strayTouches).isZero();
    }

    @Test
    void aVforkedChildIsInItsParentsMemoryUntilItExecutesAnotherProgram() throws IOException {
        parentForks(VFORK);
        child("page_fault_user: address=0x7f0000001010 ip=0x1 error_code=0x6");
        child("sys_execve(filename: 0x1, argv: 0x2, envp: 0x3)");
        child("page_fault_kernel: address=0x7ffd00001010 ip=0x1 error_code=0x2");
        child("sched_process_exec: filename=/bin/true pid=101 old_pid=101");
        child("sys_execve -> 0x0");
        child("sys_brk(brk: 0)");
        child("sys_brk -> 0x560000001000");
        child("sys_brk(brk: 0x560000003000)");
        child("sys_brk -> 0x560000003000");
        child("page_fault_user: address=0x560000001010 ip=0x1 error_code=0x6");
        RecordedCase recorded = recorded();
        ObservedFigures replayed = recorded.nullTest().replayed();

        assertThat(opsOf(recorded, 101)).containsExactly(Op.NEEDS, Op.TOUCH, Op.EXEC, Op.TOUCH, Op.BRK, Op.BRK, Op.TOUCH, Op.EXIT);
        assertThat(replayed.latencies.count("fork")).as("nothing is copied").isZero();
        assertThat(replayed.latencies.count("brk")).isEqualTo(2);
        assertThat(replayed.faults).isEqualTo(4);
        assertThat(replayed.strayTouches).as("what execve sets up is in the new address space").isZero();
    }

    @Test
    void callsThatFailedFailAgain() throws IOException {
        parentForks(FORK);
        child("sys_munmap(addr: 0x7f0000000000, len: 0)");
        child("sys_munmap -> 0xffffffffffffffea");
        child("sys_mmap(addr: 0, len: 0x1000, prot: 3, flags: 0x2, fd: 0x4e21, off: 0)");
        child("sys_mmap -> 0xfffffffffffffff7");
        child("sys_mmap(addr: 0, len: 0xffffffffffffffff, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        child("sys_mmap -> 0xfffffffffffffff4");
        child("sys_mmap(addr: 0xffffffffffffffff, len: 0x1000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        child("sys_mmap -> 0x7f0000010000");
        child("page_fault_user: address=0x7f0000010010 ip=0x1 error_code=0x6");
        ObservedFigures replayed = recorded().nullTest().replayed();

        assertThat(replayed.latencies.count("mmap")).isEqualTo(4);
        assertThat(replayed.latencies.count("munmap")).isEqualTo(1);
        assertThat(replayed.unexpected).isZero();
        assertThat(replayed.strayTouches).as("a hint that nobody can follow is not an error").isZero();
    }

    @Test
    void aFaultOfAnotherThreadOnTheSamePageIsAFaultAgain() throws IOException {
        childTgid = 100;
        parentForks(THREAD);
        child("page_fault_user: address=0x7f0000000020 ip=0x1 error_code=0x6");
        ObservedFigures replayed = recorded().nullTest().replayed();

        assertThat(replayed.faults).isEqualTo(2);
        assertThat(replayed.presentTouches).isEqualTo(1);
    }

    @Test
    void aFaultThatWasASignalIsRefusedAgain() throws IOException {
        parentForks(FORK);
        child("page_fault_user: address=0x0 ip=0x1 error_code=0x4");
        ObservedFigures replayed = recorded().nullTest().replayed();

        assertThat(replayed.faults).isEqualTo(2);
        assertThat(replayed.refusedTouches).isEqualTo(1);
    }

    @Test
    void anAddressIsMappedAgainOnlyOnceItsLastMunmapHasBegun() throws IOException {
        childTgid = 100;
        parentForks(THREAD);
        parent("sys_munmap(addr: 0x7f0000000000, len: 0x2000)");
        parent("sys_munmap -> 0x0");
        child("sys_mmap(addr: 0, len: 0x2000, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)");
        child("sys_mmap -> 0x7f0000000000");
        child("page_fault_user: address=0x7f0000000010 ip=0x1 error_code=0x6");
        ObservedFigures replayed = recorded().nullTest().replayed();

        assertThat(replayed.strayTouches).as("the parent's munmap would have taken it away").isZero();
        assertThat(replayed.presentTouches).isZero();
    }
}
