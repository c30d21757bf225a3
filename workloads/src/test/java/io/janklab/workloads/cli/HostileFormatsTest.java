package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.explore.text.LitmusParser;
import io.janklab.explore.text.LitmusSyntax;
import io.janklab.kernel.config.Architecture;
import io.janklab.workloads.cli.live.LivePlanner;
import io.janklab.workloads.cli.plan.HeapReadings;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.live.ask.Question;
import io.janklab.workloads.live.http.Query;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.TraceReader;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.threads.ThreadProgramParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same as [HostileInputTest] of what is read by its parser alone.
final class HostileFormatsTest {
    private static final String PERF_SCRIPT = """
                        mtmm 20/21 [000]   687.453469432:       syscalls:sys_enter_mmap: addr: 0x00000000, len: 0x00002000, prot: 0x3
                    7f3cabcd12 mmap64+0x12 (/usr/lib/libc.so.6)

                        mtmm 20/21 [000]   687.453479819:               syscalls:sys_exit_mmap: 0x7fb5fc61c000
                        mtmm 20/21 [000]   687.453479900:          1 page-faults:      7fb5fc61c000 0 (x)
                        mtmm 20/21 [000]   687.453480000: sched:sched_switch: mtmm:21 [120] S ==> c:13 [98]
            """;
    private static final String STRACE = """
            10 1700000000.000001 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000 <0.000012>
            10 1700000000.000020 clone3({flags=CLONE_VM|CLONE_THREAD, x=[1, 2]} <unfinished ...>
            11 1700000000.000030 madvise(0x7f0000, 8192, MADV_DONTNEED) = -1 EINVAL (Invalid argument) <0.000002>
            10 1700000000.000040 <... clone3 resumed> => {parent_tid=[11]}, 88) = 11 <0.000020>
            11 1700000000.000050 +++ exited with 0 +++
            """;
    private static final String LITMUS = """
            litmus first-faults
            story Two tasks write a page neither of them has touched before.
            before:
              mmap @0 1p r|w private|anonymous|fixed
            tasks:
              first      | second
              store @0 1 | store @0 2
            after:
              page = load @0
            always: page=1 or page=2
            """;
    private static final String PROGRAM = """
            program give-back
            story Memory is given back while threads map, touch and unmap some.
            duration 5ms
            before:
              mmap @0 64p r|w private|anonymous|fixed
            purger nice=10 cpus=6-7:
              think 20us
              give-back: madvise @0 64p dontneed
            mapper x2 nice=-10:
              loop
                map: mmap @{600+i*4} 16p r|w private|anonymous|fixed
                unmap: munmap @{600+i*4} 16p
                think 1ms
              end
            """;

    @TempDir
    Path folder;

    private static void each(String what, byte[] seed, Consumer<byte[]> reading) {
        for (int number : Fuzz.numbers(Fuzz.CASES)) {
            byte[] input = Fuzz.mutated(seed, new SplittableRandom(number));
            Fuzz.taken(what + ", case " + number, () -> reading.accept(input));
        }
    }

    private static void each(String what, String seed, Consumer<String> reading) {
        each(what, seed.getBytes(StandardCharsets.ISO_8859_1), input -> reading.accept(new String(input, StandardCharsets.ISO_8859_1)));
    }

    private Path file(String name, byte[] contents) {
        try {
            return Files.write(folder.resolve(name), contents);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void recordings(String name, byte[] seed) {
        each(name, seed, input -> RecordedCase.read(file(name, input), RecordedCase.Hints.NONE));
    }

    @Test
    void perfScripts() {
        recordings("perf.txt", PERF_SCRIPT.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void straceLogs() {
        recordings("strace.log", STRACE.getBytes(StandardCharsets.UTF_8));
    }

    /// The beginning of one of our own.
    @Test
    void perfettoTraces() throws IOException {
        Path out = folder.resolve("run");
        CommandLineRun.ok("run", "--duration", "5ms", "--set", "warmUpS=0", "--perfetto", "--quiet", "--out", out.toString());
        byte[] trace = Files.readAllBytes(out.resolve("trace.perfetto-trace"));
        recordings("recording.perfetto-trace", new String(trace, 0, Math.min(trace.length, 1 << 13), StandardCharsets.ISO_8859_1)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void programs() {
        each("program", PROGRAM, text -> new ThreadProgramParser("a.program", 8).parse(text.lines().toList()));
    }

    @Test
    void litmuses() {
        each("litmus", LITMUS, text -> {
            try {
                LitmusParser.parse(text.lines().toList());
            } catch (LitmusSyntax bad) {
                throw BadInput.at("a.litmus", bad.line(), bad.getMessage());
            }
        });
    }

    @Test
    void kernels() {
        for (String seed : List.of("6.1+fault.vma-lock=anon+rwsem.policy=inherit", "6.6.57", "android14-6.1+pt-reclaim=on")) {
            each("kernel", seed, name -> Changes.of(Map.of()).kernel(name, Architecture.ARM64));
        }
    }

    /// A twentieth of the cases: each is compiled.
    @Test
    void ownPolicies() {
        byte[] source = """
                package org.example;
                public final class Mine extends io.janklab.kernel.lock.policy.Linux {
                    private static final long NS = 7;
                    @Override public long readerSpinNs(int readers) { return NS / (1 + readers); }
                }
                """.getBytes(StandardCharsets.UTF_8);
        for (int number : Fuzz.numbers(Fuzz.CASES / 20)) {
            Path file = file("Mine.java", Fuzz.mutated(source, new SplittableRandom(number)));
            Fuzz.taken("policy, case " + number, () -> Changes.of(Map.of()).kernel("6.17+" + file, Architecture.ARM64));
        }
    }

    @Test
    void ownPolicyThatThrowsIsASentence() {
        String file = file("Thrower.java", """
                public final class Thrower extends io.janklab.kernel.lock.policy.Linux {
                    @Override public boolean munmapDowngrades(io.janklab.kernel.lock.policy.Rwsem lock) {
                        throw new IllegalStateException("no\u001b[31m");
                    }
                }
                """.getBytes(StandardCharsets.UTF_8)).toString();
        assertThat(CommandLineRun.bad("run", "--kernel", "6.17+" + file, "--duration", "50ms", "--out", folder.resolve("out").toString()))
                .contains("Thrower.java:3: munmapDowngrades throws java.lang.IllegalStateException: no\\x{1b}[31m.");
        file("Thrower.java", "public final class Thrower extends io.janklab.kernel.lock.policy.Linux { static int n = 1 / (n = 0); }"
                .getBytes(StandardCharsets.UTF_8));
        assertThat(CommandLineRun.bad("run", "--kernel", "6.17+" + file, "--out", folder.resolve("out").toString()))
                .contains("Thrower cannot be made (java.lang.ArithmeticException: / by zero)");
    }

    @Test
    void changesOfSettings() {
        each("change", "cost.tlbi=2.5", text -> {
            String[] pair = text.split("=", 2);
            Changes set = Changes.of(Map.of(pair[0], pair.length == 1 ? "" : pair[1]));
            Scenario.find("scroll", set.scenario());
        });
    }

    @Test
    void countersOfHeaps() {
        HeapConfig heap = HeapConfig.of("jemalloc-android", "");
        each("counter", "stats.arenas.0.bins.3.curslabs", name -> new HeapReadings(List.of(name), false).check(heap, 8));
    }

    /// What follows the question mark of a page's address.
    @Test
    void questionsOfPages() {
        LivePlanner planner = new LivePlanner(Map.of(), 10_000_000_000L);
        String question = "scenario=scroll&seeds=2&duration=5s&device=pixel-6&a.kernel=6.12&b.kernel=6.17%2Bpt-reclaim%3Don"
                + "&set.heap.decayMs=0";
        each("question", question, text -> planner.plan(new Question(Query.parse(text))));
    }

    @Test
    void tracesWithTimes() {
        String trace = "1: malloc 0x10 100 10 20\n2: calloc 0x20 1 4096 30 40\n1: free 0x10 50 60\n2: free 0x20 70 80\n"
                + "1: thread_done 0x0 90\n";
        each("trace", trace.getBytes(StandardCharsets.UTF_8), input -> {
            AllocationTrace read = TraceReader.read(file("t.txt", input), Map.of());
            read.times(2);
        });
    }

    @Test
    void journals() throws IOException {
        Path out = folder.resolve("sweep");
        CommandLineRun.ok("sweep", "--duration", "20ms", "--set", "warmUpS=0", "--kernels", "6.17", "--seeds", "2", "--quiet", "--out",
                out.toString());
        byte[] journal = Files.readAllBytes(out.resolve("journal.jsonl"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Fuzz.refusesOrTakes("journal", journal, (input, random) -> {
            Files.write(other.resolve("journal.jsonl"), input);
            return new String[] {"merge", other.toString(), "--force", "--quiet", "--out", folder.resolve("merged").toString()};
        });
    }
}
