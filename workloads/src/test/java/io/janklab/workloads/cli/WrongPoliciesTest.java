package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Policies of one's own that decide what no kernel could, each said in a sentence with file and line, by comparisons (exit code 2) and by
/// explorations (exit code 3, with the schedule).
final class WrongPoliciesTest {
    /// The line on which a decision of these files stands.
    private static final String PLACE = "%s, Wrong.java:6";

    @TempDir
    Path folder;

    private String wrong(String decision) throws IOException {
        return Files.writeString(folder.resolve("Wrong.java"), """
                import io.janklab.kernel.cpu.Task;
                import io.janklab.kernel.lock.policy.*;
                import java.util.*;
                public final class Wrong extends Linux {
                    private final List<byte[]> kept = new ArrayList<>();
                    @Override public %s
                }
                """.formatted(decision)).toString();
    }

    private static Arguments each(String decision, String method, String compare, String explore) {
        return Arguments.of(decision, method, compare, explore);
    }

    static Stream<Arguments> lockPolicies() {
        return Stream.of(
                each("int next(Rwsem lock) { return -1; }", "next", "Wrong gives the turn to place -1 of a queue of ", "place -1"),
                each("int next(Rwsem lock) { return 99; }", "next", "Wrong gives the turn to place 99 of a queue of ", "place 99"),
                each("int place(List<? extends Waiter> queue, Waiter waiter) { return -1; }", "place", "Wrong places a waiter at -1 of",
                        "at -1 of a queue"),
                each("int place(List<? extends Waiter> queue, Waiter waiter) { return queue.size() + 1; }", "place",
                        "Wrong places a waiter at ", "Wrong places a waiter at "),
                each("int readersPerWake() { return -7; }", "readersPerWake", "Wrong lets in -7 readers", "lets in -7 readers"),
                each("boolean readerMayTake(Rwsem lock, Task reader) { return true; }", "readerMayTake", "mutual exclusion: ",
                        "mutual exclusion: "));
    }

    @ParameterizedTest
    @MethodSource("lockPolicies")
    void aDecisionThatCannotBeEndsTheComparisonWithItsLine(String decision, String method, String compare, String explore)
            throws IOException {
        String file = wrong(decision);
        assertThat(CommandLineRun.bad("run", "--kernel", "6.1+" + file, "--scenario", "map-churn", "--seeds", "1", "--duration", "200ms"))
                .contains("failed at ", "seed 1: ", compare, PLACE.formatted(method));
        assertThat(CommandLineRun.broken("explore", "lock-wakeups", "--kernel", "6.17+" + file, "--schedules", "50"))
                .contains("Broken: ", explore, "--strategy replay:")
                .containsIgnoringWhitespaces(PLACE.formatted(method));
    }

    @Test
    void aNegativeTimeToSpinIsSaidWithItsLine() throws IOException {
        String file = wrong("long readerSpinNs(int readers) { return -5; }");
        assertThat(CommandLineRun.broken("explore", "lock-exclusion", "--kernel", "6.17+" + file, "--schedules", "50"))
                .contains("Wrong spins on readers for -5 ns").containsIgnoringWhitespaces(PLACE.formatted("readerSpinNs"));
    }

    @Test
    void aFaultWithoutAStepIsSaidWithItsLine() throws IOException {
        String file = wrong("VmaLockStep vmaLock(Task reader, FaultAttempt attempt, int tries) { return null; }");
        assertThat(CommandLineRun.bad("run", "--kernel", "6.17+" + file, "--seeds", "1", "--duration", "100ms"))
                .contains("Wrong gives a page fault no step, but null", PLACE.formatted("vmaLock"));
        assertThat(CommandLineRun.broken("explore", "fault-munmap", "--kernel", "6.17+" + file, "--schedules", "50"))
                .contains("Wrong gives a page fault no step");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRY", "WAIT"})
    void aFaultThatNeverFallsBackIsBrokenByExplore(String step) throws IOException {
        String file = wrong("VmaLockStep vmaLock(Task reader, FaultAttempt attempt, int tries) { return VmaLockStep." + step + "; }");
        assertThat(CommandLineRun.broken("explore", "fault-munmap", "--kernel", "6.17+" + file, "--schedules", "300"))
                .contains("--strategy replay:");
    }

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of("throw new AssertionError(\"never\");", "java.lang.AssertionError: never"),
                Arguments.of("return lock.writer().toString().isEmpty();", "java.lang.NullPointerException"),
                Arguments.of("return spins(lock, writer);", "java.lang.StackOverflowError"),
                Arguments.of("lock.waiters().clear(); return true;", "java.lang.UnsupportedOperationException"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void whatIsThrownIsSaidWithItsLine(String body, String thrown) throws IOException {
        String file = wrong("boolean spins(Rwsem lock, Task writer) { " + body + " }");
        assertThat(CommandLineRun.bad("run", "--kernel", "6.1+" + file, "--scenario", "map-churn", "--seeds", "1", "--duration", "200ms"))
                .contains("Wrong.java:6: spins throws " + thrown);
        assertThat(CommandLineRun.broken("explore", "lock-exclusion", "--kernel", "6.17+" + file, "--schedules", "50"))
                .contains("Broken: ", thrown).containsIgnoringWhitespaces("Wrong.java:6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"writer.sleepUntil(writer.now() + 1)", "writer.compute(1)", "writer.wake(null)", "writer.setNice(-20)"})
    void aDecisionThatWouldChangeTheMachineIsRefused(String call) throws IOException {
        String file = wrong("boolean spins(Rwsem lock, Task writer) { " + call + "; return true; }");
        assertThat(CommandLineRun.bad("run", "--kernel", "6.1+" + file)).startsWith("janklab: " + file + ":6: spins calls Task.")
                .contains(", which changes the machine: a policy decides at once and changes nothing.");
    }

    @Test
    void aForgottenWriterIsNamed() throws IOException {
        String file = wrong("boolean waiterMayTake(Rwsem lock, Waiter writer) { return false; }");
        assertThat(CommandLineRun.bad("run", "--kernel", "6.1+" + file, "--scenario", "map-churn", "--seeds", "1", "--duration", "200ms"))
                .contains("Or its lock policy, Wrong, has forgotten a waiter (com.example.app/", " has waited for mmap_lock for ",
                        " s, which ");
        assertThat(CommandLineRun.broken("explore", "lock-wakeups", "--kernel", "6.17+" + file, "--schedules", "50"))
                .contains("deadlock: ");
    }

    static Stream<Arguments> purgePolicies() {
        return Stream.of(
                Arguments.of("throw new IllegalStateException(\"none\");", "keep throws java.lang.IllegalStateException: none"),
                Arguments.of("return keep(unused, moment);", "keep throws java.lang.StackOverflowError"),
                Arguments.of("return moments.get(moment);", "keep throws java.lang.NullPointerException"));
    }

    @ParameterizedTest
    @MethodSource("purgePolicies")
    void aPurgePolicysMistakeIsSaidWithItsLine(String body, String sentence) throws IOException {
        String file = Files.writeString(folder.resolve("Purges.java"), """
                import io.janklab.allocator.PurgePolicy;
                import java.util.*;
                public final class Purges implements PurgePolicy {
                    private final Map<Moment, Long> moments = new HashMap<>();
                    @Override public long keep(Unused unused, Moment moment) { %s }
                    @Override public boolean givesUpLazily(Unused unused, long extentBytes) { return false; }
                }
                """.formatted(body)).toString();
        assertThat(CommandLineRun.bad("run", "--set", "nativeHeap.preset=jemalloc-android", "--set", "nativeHeap.purgePolicy=" + file,
                "--seeds", "1", "--duration", "200ms")).contains("Purges.java:5: " + sentence);
    }

    @Test
    void aPurgePolicyThatKeepsLessThanNothingIsSaidWithItsLine() throws IOException {
        String file = Files.writeString(folder.resolve("Purges.java"), """
                public final class Purges implements io.janklab.allocator.PurgePolicy {
                    @Override public long keep(Unused unused, Moment moment) { return -1; }
                    @Override public boolean givesUpLazily(Unused unused, long extentBytes) { return false; }
                }
                """).toString();
        assertThat(CommandLineRun.bad("run", "--set", "nativeHeap.preset=jemalloc-android", "--set", "nativeHeap.purgePolicy=" + file,
                "--seeds", "1", "--duration", "200ms")).contains("Purges keeps -1 of ", " pages (keep, Purges.java:2)");
    }
}
