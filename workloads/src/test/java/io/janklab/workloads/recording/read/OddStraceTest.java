package io.janklab.workloads.recording.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.event.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs of strace with the options that people use.
@Execution(ExecutionMode.CONCURRENT)
final class OddStraceTest extends ReadEvents {
    /// A little of everything, for mutations.
    static final String SEED = """
            strace: Process 11 attached
            [pid    10] 12:00:01.5 [00007f3cdeadbeef] mmap(NULL, 8192, PROT_READ, 0x2 /* MAP_PRIVATE */, 3</lib/a,(b>, 0x1000) = 0x7f0000
            [pid    12] 12:00:02.5 execve("/bin/true", ["true"], 0x7ffd /* 20 vars */ <unfinished ...>
            [pid    10] 12:00:03.5 +++ superseded by execve in pid 12 +++
            [pid    10] 12:00:04.5 <... execve resumed>)         = 0 <0.000900>
             > /usr/bin/true(main+0x1) [0x1234]
            [pid    10] 12:00:05.5 ioctl(3, UFFDIO_COPY, {dst=0x7f, src=0x7e, len=0x1000}) = ? ERESTARTSYS <0.1>
            """;

    @ParameterizedTest
    @ValueSource(strings = {
        "10 5.000000 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0x1000) = 0x7f0000 <0.000012>",
        "[pid    10] 5.000000 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3</lib/x.so>, 0x1000) = 0x7f0000 <0.000012>",
        "10    5.000000000 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3</lib/a,(b>, 0x1000) = 0x7f0000 <0.000012000>",
        "10 5.000000 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3<TCP:[127.0.0.1:1->127.0.0.1:2]>, 0x1000) = 0x7f0000 <0.000012>",
        "10 5.000000 [00007f3cdeadbeef] mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0x1000) = 0x7f0000 <0.000012>",
        "10 5.000000 [   9] mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0x1000) = 0x7f0000 <0.000012>",
        "10 5.000000 mmap(NULL, 8192, 0x1 /* PROT_READ */, 0x2 /* MAP_PRIVATE */, 3, 0x1000) = 0x7f0000 <0.000012>",
        "10 5.000000 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0x1000) = 0x7f0000 (DELAYED) <0.000012>"
    })
    void callIsTheSameWhateverStandsAroundIt(String line) {
        ReadReport report = read(line + "\n");

        assertThat(all(RecordedEvent.CallEnter.class)).singleElement().satisfies(call -> {
            assertThat(call.tid()).isEqualTo(10);
            assertThat(call.call()).isEqualTo("mmap");
            assertThat(call.arguments()).containsExactly(0, 8192, Mman.PROT_READ, Mman.MAP_PRIVATE, 3, 0x1000);
        });
        assertThat(all(RecordedEvent.CallExit.class)).singleElement().satisfies(exit -> {
            assertThat(exit.result()).isEqualTo(0x7f0000);
            assertThat(exit.ns() - all(RecordedEvent.CallEnter.class).getFirst().ns()).isEqualTo(12_000);
        });
        assertThat(report.misunderstood()).isZero();
    }

    @Test
    void callThatReturnsAFileHasReturned() {
        read("10 5.0 openat(AT_FDCWD</home/u>, \"/etc/x\", O_RDONLY) = 3</etc/x> <0.000010>\n"
                + "10 5.1 read(3</etc/x>, \"a<b>\\\") = 4\", 9) = 9 <0.000020>\n"
                + "10 5.2 brk(NULL) = 0x5000\n");

        assertThat(all(RecordedEvent.CallExit.class)).extracting(RecordedEvent.CallExit::result).containsExactly(3L, 9L, 0x5000L);
    }

    @Test
    void interruptedCallEndsAndIsRestarted() {
        read("""
                10 5.0 clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=1, tv_nsec=0}, {tv_sec=0, tv_nsec=9}) = ? ERESTART_RESTARTBLOCK \
                (Interrupted by signal) <0.100000>
                10 5.1 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11, si_uid=0, si_status=0} ---
                10 5.2 restart_syscall(<... resuming interrupted clock_nanosleep ...>) = 0 <0.9>
                10 6.1 --- stopped by SIGSTOP ---
                10 6.2 exit_group(0)                     = ?
                10 6.3 +++ exited with 0 +++
                """);

        assertThat(all(RecordedEvent.CallExit.class)).extracting(RecordedEvent.CallExit::result).startsWith(-4L, 0L);
        assertThat(all(RecordedEvent.Exit.class)).hasSize(1);
    }

    @Test
    void threadThatExecutesAnotherProgramTakesItsLeadersNumber() {
        read("""
                10 5.0 clone(child_stack=0x7f0000, flags=CLONE_VM|CLONE_FS|CLONE_THREAD) = 12 <0.000010>
                12 5.1 execve("/bin/true", ["true"], 0x7ffd /* 20 vars */ <unfinished ...>
                10 5.2 +++ superseded by execve in pid 12 +++
                10 5.3 <... execve resumed>)         = 0 <0.000900>
                10 5.4 munmap(0x7f0000, 4096) = 0 <0.000010>
                """);

        assertThat(all(RecordedEvent.Exit.class)).extracting(RecordedEvent.Exit::tid).containsExactly(12);
        assertThat(all(RecordedEvent.Exec.class)).extracting(RecordedEvent.Exec::tid).containsExactly(10);
        assertThat(all(RecordedEvent.CallEnter.class)).last().extracting(RecordedEvent.CallEnter::call).isEqualTo("munmap");
    }

    @Test
    void linesOfStraceItselfAndStacksAreNoRiddles() {
        ReadReport report = read("""
                strace: Process 11 attached
                10 5.0 munmap(0x7f0000, 4096) = 0 <0.000010>
                 > /usr/lib/x86_64-linux-gnu/libc.so.6(munmap+0xb) [0x11f2ab]
                 > /usr/bin/true(main+0x1) [0x1234]
                Process 11 detached
                [ Process PID=11 runs in 32 bit mode. ]
                11 5.1 munmap(0x7f1000, 4096) = -1 EINVAL (Invalid argument) <0.000010>
                strace: Process 11 detached
                """);

        assertThat(report.misunderstood()).isZero();
        assertThat(all(RecordedEvent.CallExit.class)).extracting(RecordedEvent.CallExit::result).containsExactly(0L, -22L);
    }

    @Test
    void unfinishedCallsOfManyThreadsAreResumedByName() {
        read("""
                [pid 10] 5.000 futex(0x7f10, FUTEX_WAIT_PRIVATE, 2, NULL <unfinished ...>
                [pid 11] 5.001 madvise(0x7f0000, 8192, MADV_DONTNEED <unfinished ...>
                [pid 10] 5.002 <... futex resumed> ) = 0 <0.002000>
                [pid 11] 5.003 <... madvise resumed>) = 0 <0.002000>
                """);

        assertThat(all(RecordedEvent.CallEnter.class)).extracting(call -> call.arguments().length).containsExactly(4, 3);
        assertThat(all(RecordedEvent.CallExit.class)).extracting(RecordedEvent.CallExit::call).containsExactly("futex", "madvise");
    }
}
