package io.janklab.workloads.recording.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.recording.event.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Text of ftrace, trace-cmd, perf and systrace in the forms that their options make.
@Execution(ExecutionMode.CONCURRENT)
final class OddTextTest extends ReadEvents {
    static final String LATENCY = """
            # tracer: %s
            #
            # irqsoff latency trace v1.1.5 on 6.18.44
            # --------------------------------------------------------------------
            # latency: 16 us, #4/4, CPU#0 | (M:preempt VP:0, KP:0, SP:0 HP:0 #P:4)
            #    -----------------
            #    | task: swapper/0-0 (uid:0 nice:0 policy:0 rt_prio:0)
            #    -----------------
            #  => started at: run_timer_softirq
            #  => ended at:   run_timer_softirq
            #
            #                    _------=> CPU#
            #                   / _-----=> irqs-off/BH-disabled
            #                  | / _----=> need-resched
            #                  || / _---=> hardirq/softirq
            #                  ||| / _--=> preempt-depth
            #                  |||| / _-=> migrate-disable
            #                  ||||| /     delay
            #  cmd     pid     |||||| /    |     caller
            #     \\   /        ||||||  \\   |    /
              <idle>-0         0d.s2.    0us+: _raw_spin_lock_irq <-run_timer_softirq
               a b-c-12        1d.h3.   12us!: sched_waking: comm=ui pid=20 prio=120 target_cpu=001
              <idle>-0         1d..2.   13us : sched_switch: prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=R ==> \
            next_comm=ui next_pid=20 next_prio=120
              <idle>-0         0d.s3.   17us#: trace_hardirqs_on <-_raw_spin_unlock_irq
              <idle>-0         0d.s3.   25us : <stack trace>
             => _raw_spin_unlock_irq
             => run_timer_softirq
            """;

    @ParameterizedTest
    @ValueSource(strings = {"irqsoff", "preemptirqsoff", "wakeup_rt", "nop"})
    void latencyFormatTellsMicrosecondsSinceItsBeginning(String tracer) {
        ReadReport report = read(LATENCY.formatted(tracer));

        assertThat(all(RecordedEvent.Waking.class)).containsExactly(
                new RecordedEvent.Waking(12_000, 1, 12, RecordedEvent.Context.HARDIRQ, 20, "ui", 120, false));
        assertThat(all(RecordedEvent.Switch.class)).extracting(RecordedEvent.Switch::ns).containsExactly(13_000L);
        assertThat(all(RecordedEvent.Machine.class)).extracting(RecordedEvent.Machine::cpus).contains(4);
        assertThat(report.misunderstood()).isZero();
    }

    @Test
    void probesAreReadAsTracefsAndPerfPrintThem() {
        read("""
                # tracer: nop
                  t-12   (     12) [001] DBZff 61064.861473: frame: (0x55563b6d71a9) size=0x10
                  t-12   (     12) [001] DBZff 61064.861530: frame_out: (0x55563b6d728c <- 0x55563b6d71a9) ret=0x0
                  t-12   (     12) [001] DBZff 61064.861540: my_open: (do_sys_openat2+0x0/0x150)
                  t-12   (     12) [001] DBZff 61064.861550: my_open_ret: (do_sys_open+0x57/0x80 <- do_sys_openat2)
                  t    12 [001] 61064.861560: probe_libc:malloc: (7f0a1b2c3d4e)
                  t    12 [001] 61064.861570: probe_libc:malloc__return: (55563b6d7000 <- 7f0a1b2c3d4e)
                """);

        assertThat(all(RecordedEvent.FunctionEnter.class)).extracting(RecordedEvent.FunctionEnter::probe)
                .containsExactly("frame", "my_open", "malloc");
        assertThat(all(RecordedEvent.FunctionReturn.class)).extracting(RecordedEvent.FunctionReturn::function)
                .containsExactlyElementsOf(all(RecordedEvent.FunctionEnter.class).stream().map(RecordedEvent.FunctionEnter::function)
                        .toList());
    }

    static final String GRAPH = """
            # tracer: function_graph
            #
            #     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS
            #      |          |     |    |           |   |                     |   |   |   |
               704.017737 |   1)   mtmm-21    |               |  __x64_sys_mmap() {
               704.017738 |   1)   mtmm-21    |   0.250 us    |    security_mmap_addr();
               704.017739 |   1)   mtmm-21    |               |  /* mmap_lock_acquire_returned: mm=000000003269490c memcg_id=7 \
            write=true success=true */
               704.017740 |   1)   mtmm-21    | + 12.250 us   |  }
             ------------------------------------------
               1)   mtmm-21    =>    ui-20
             ------------------------------------------

               704.017741 |   1)               |  /* sched_waking: comm=mtmm pid=21 prio=120 target_cpu=001 */
               704.017742 |   0)  <idle>-0     |               |  /* sys_munmap(addr: 0x1000, len: 0x1000) */
            """;

    @Test
    void eventsBetweenFunctionsAreReadFromFunctionGraph() {
        ReadReport report = read(GRAPH);

        assertThat(all(RecordedEvent.MmapLock.class)).singleElement().satisfies(lock -> {
            assertThat(lock.tid()).isEqualTo(21);
            assertThat(lock.ns()).isEqualTo(704_017_739_000L);
            assertThat(lock.write()).isTrue();
        });
        assertThat(all(RecordedEvent.Waking.class)).extracting(RecordedEvent.Waking::waker).containsExactly(20);
        assertThat(all(RecordedEvent.CallEnter.class)).extracting(RecordedEvent.CallEnter::call).containsExactly("munmap");
        assertThat(report.misunderstood()).isZero();
    }

    @Test
    void functionGraphWithoutTimesSaysHowToGetThem() {
        String text = """
                # tracer: function_graph
                #
                # CPU  DURATION                  FUNCTION CALLS
                # |     |   |                     |   |   |   |
                 0)               |  sys_open() {
                 0)   1.382 us    |      __might_sleep();
                 0)               |  /* sched_waking: comm=mtmm pid=21 prio=120 target_cpu=001 */
                 0)   2.478 us    |  }
                """;
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> read(text)).hasMessageContaining("funcgraph-abstime");
    }

    @Test
    void functionTracersLinesAreNoEvents() {
        ReadReport report = read("""
                # tracer: function
                #
                # entries-in-buffer/entries-written: 4/9   #P:3
                #
                            bash-1977    [000] .....   17.284993: sys_close <-do_syscall_64
                            bash-1977    [000] .....   17.284994: vfs_read <-ksys_read
                            bash-1977    [000] d..2.   17.284995: sched_process_exit: comm=bash pid=1977 prio=120
                """);

        assertThat(all(RecordedEvent.Exit.class)).hasSize(1);
        assertThat(report.misunderstood()).isZero();
        assertThat(report.lost()).isEqualTo(5);
        assertThat(all(RecordedEvent.Machine.class)).extracting(RecordedEvent.Machine::cpus).containsExactly(3);
    }

    @Test
    void traceCmdSaysWhatWasDropped() {
        ReadReport report = read("""
                version = 7
                CPU 1 is empty
                cpus=2
                CPU:0 [12 EVENTS DROPPED]
                     c-13    [000] d..2. 704.017738: sched_waking:         a b:12 [120] CPU:001
                CPU:1 [EVENTS DROPPED]
                CPU:1 [SUBBUFFER START] [704.017738:0x1000]
                     c-13    [001] 704.017739: sched_switch:         prev_comm=c prev_pid=13 prev_prio=120 prev_state=0x2 \
                next_comm=d next_pid=14 next_prio=98
                """);

        assertThat(report.lost()).isEqualTo(13);
        assertThat(report.misunderstood()).isZero();
        assertThat(all(RecordedEvent.Switch.class)).singleElement().satisfies(event -> {
            assertThat(event.leftAs()).isEqualTo(RecordedEvent.LeftAs.UNINTERRUPTIBLE);
            assertThat(event.next()).isEqualTo(14);
        });
    }

    @Test
    void traceCmdHasALatencyFormatOfItsOwn() {
        read("""
                # tracer: nop
                #  cmd     pid     |||| time  |   caller
                     c-13      0d.h2. 704.017738: sched_waking: comm=a pid=12 prio=120 target_cpu=001
                """);

        assertThat(all(RecordedEvent.Waking.class)).singleElement().satisfies(event -> {
            assertThat(event.ns()).isEqualTo(704_017_738_000L);
            assertThat(event.context()).isEqualTo(RecordedEvent.Context.HARDIRQ);
        });
    }

    static final String PERF = """
            # ========
            # captured on    : Mon Nov 30 08:00:00 2026
            # hostname : host
            # os release : 6.18.44
            # perf version : 6.12
            # arch : aarch64
            # nrcpus online : 8
            # nrcpus avail : 8
            # total memory : 16314892 kB
            # cmdline : /usr/bin/perf record -a -e sched:* -e syscalls:* sleep 1
            # ========
            #
            Web Content 7/21 [003]  1.000000001: PERF_RECORD_COMM: Web Content:7/21
            Web Content 7/21 [003]  1.000000002: PERF_RECORD_FORK(7:22):(7:21)
            Web Content 7/21 [003]  1.000000003: PERF_RECORD_MMAP2 7/21: [0x7f0000(0x1000) @ 0 08:01 12 0]: r-xp /usr/lib/a b.so
            Web Content 7/21 [003]  1.000000004:   1 sched:sched_waking: comm=b c pid=22 prio=120 target_cpu=003
                    ffffffff81123456 try_to_wake_up+0x1 ([kernel.kallsyms])
                        7f3cabcd12 [unknown] (/tmp/perf-7.map)

            Web Content 7/22 [002]  1.000000005:     4096   page-faults:u:      7fb5fc61c000     55d0aa f+0x3 (/usr/bin/x)
            :-1    -1 [002]  1.000000006: sched:sched_process_exit: comm=gone pid=23 prio=120
            :-1    -1 [002]  1.000000007: raw_syscalls:sys_enter: NR 222 (0, 1000, 3, 22, ffffffff, 0)
            Web Content 7/22 [002]  1.000000008: raw_syscalls:sys_enter: NR 222 (0, 1000, 3, 22, ffffffff, 0)
            Web Content 7/22 [002]  1.000000009: PERF_RECORD_LOST lost 17
            Web Content 7/22 [002]  1.000000010: PERF_RECORD_EXIT(7:22):(7:21)
            """;

    @Test
    void perfScriptHasHeadersRecordsAndStacks() {
        ReadReport report = read(PERF);

        assertThat(all(RecordedEvent.Machine.class)).contains(new RecordedEvent.Machine("6.18.44", "", 0, 0, ""),
                new RecordedEvent.Machine("", "aarch64", 0, 0, ""), new RecordedEvent.Machine("", "", 8, 0, ""),
                new RecordedEvent.Machine("", "", 0, 16_314_892L * 1024, ""));
        assertThat(all(RecordedEvent.NewTask.class)).containsExactly(new RecordedEvent.NewTask(1_000_000_002, 21, 22, "", 0x10100));
        assertThat(all(RecordedEvent.Waking.class)).extracting(RecordedEvent.Waking::waker).containsExactly(21);
        assertThat(all(RecordedEvent.Fault.class)).extracting(RecordedEvent.Fault::address).containsExactly(0x7fb5fc61c000L);
        assertThat(all(RecordedEvent.CallEnter.class)).singleElement().extracting(RecordedEvent.CallEnter::call).isEqualTo("mmap");
        assertThat(all(RecordedEvent.Exit.class)).extracting(RecordedEvent.Exit::tid).containsExactly(23, 22);
        assertThat(all(RecordedEvent.Rename.class)).containsExactly(new RecordedEvent.Rename(1_000_000_001, 21, "Web Content"));
        assertThat(report.lost()).isEqualTo(17);
        assertThat(report.misunderstood()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "21 [003] 1.000001: sched:sched_process_exit: comm=x pid=21 prio=120",
        "7/21 [003] 1.000001: sched:sched_process_exit: comm=x pid=21 prio=120",
        "  x    21 [003] 1.000001000: sched:sched_process_exit: comm=x pid=21 prio=120",
        "  x    21 [003]     1.000001: 1 sched:sched_process_exit: comm=x pid=21 prio=120",
        "x y 7/21 [003] 1.000001: sched:sched_process_exit:    comm=x pid=21 prio=120",
        "  x-21    [003] 1.000001: sched_process_exit: comm=x pid=21 prio=120",
        "  x-21    (7)     [003] d.Zff. 1.000001: sched_process_exit: comm=x pid=21 prio=120",
        "  x-21    (-------) [003] .... 1.000001: sched_process_exit: comm=x pid=21 prio=120"
    })
    void taskMayBeToldInManyWays(String line) {
        read("# tracer: nop\n" + line + "\n");

        assertThat(all(RecordedEvent.Exit.class)).containsExactly(new RecordedEvent.Exit(1_000_001_000L, 21));
    }

    @ParameterizedTest
    @ValueSource(strings = {"  <script class=\"trace-data\" type=\"application/text\">\n%s</script>\n",
        "<script class=\"trace-data\" type=\"application/text\">\n%s  </script>\n"})
    void systraceEndsItsTextAsItLikes(String element) {
        String text = "# tracer: nop\n x-21 [003] .... 1.000001: sched_process_exit: comm=x pid=21 prio=120\n";
        String other = "USER PID TID CMD\nu 7 21 x\n";
        ReadReport report = read("<!DOCTYPE html>\n<html><body>\n" + element.formatted(text) + element.formatted(other)
                + "</body></html>\n");

        assertThat(all(RecordedEvent.Exit.class)).hasSize(1);
        assertThat(all(RecordedEvent.ThreadOf.class)).containsExactly(new RecordedEvent.ThreadOf(21, 7, "x"));
        assertThat(report.misunderstood()).isZero();
    }

    @Test
    void oldSystraceHasItsTextInAString() {
        ReadReport report = read("""
                <!DOCTYPE HTML>
                <html><head><script language="javascript">
                  var linuxPerfData = "\\
                # tracer: nop\\n\\
                #\\n\\
                 <...>-21    [003] ...1  1.000001: tracing_mark_write: B|7|say \\"hi\\"\\n\\
                 <...>-21    [003] ...1  1.000002: tracing_mark_write: E\\n\\
                 <...>-21    [003] ...1  1.000003: sys_enter: NR 222 (0, 1000, 3, 22, ffffffff, 0)\\n\\
                \\n";
                </script></head></html>
                """);

        assertThat(all(RecordedEvent.SliceBegin.class)).extracting(RecordedEvent.SliceBegin::name)
                .containsExactly("7|say \"hi\"".substring(2));
        assertThat(all(RecordedEvent.CallEnter.class)).extracting(RecordedEvent.CallEnter::call).containsExactly("mmap");
        assertThat(report.misunderstood()).isZero();
    }

    @Test
    void clocksOfOtherUnitsAreReadByTheirRate() {
        read("# tracer: nop\n# ticks-per-us: 2500\n x-21 [003] .... 5000000: sched_process_exit: comm=x pid=21 prio=120\n");
        assertThat(all(RecordedEvent.Exit.class)).containsExactly(new RecordedEvent.Exit(2_000_000, 21));

        ReadReport report = read("# tracer: nop\n x-21 [003] .... 77: sched_process_exit: comm=x pid=21 prio=120\n");
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("ticks of a clock whose rate"));
    }
}
