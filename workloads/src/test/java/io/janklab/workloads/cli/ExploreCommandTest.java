package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExploreCommandTest {
    private static final String[] BROKEN = {"explore", "folio-walk-table-free", "--kernel", "7.2", "--without", "rcu-in-table-lookup"};

    @TempDir
    Path folder;

    private static String[] with(String[] command, String... more) {
        String[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return all;
    }

    @Test
    void soundKernelIsNotAccused() {
        assertThat(CommandLineRun.ok("explore", "fault-dontneed", "--strategy", "dfs")).contains("all there are")
                .containsIgnoringWhitespaces("none breaks a rule");
    }

    @Test
    void listNamesEveryLitmusWithItsStory() {
        assertThat(CommandLineRun.ok("explore", "--list")).contains("fault-dontneed", "discards it");
    }

    @Test
    void whatIsBrokenIsShownStepByStepAndCanBeSeenAgain() {
        String text = CommandLineRun.broken(BROKEN);
        assertThat(text).contains("Broken: kernel bug: page table").contains("purger").contains("vma_lock [anon] (read)");
        assertThat(CommandLineRun.broken(CommandLineRun.commandAfter("To see it again:", text))).contains("Broken: kernel bug: page table");
    }

    @Test
    void findingIsInTheJson() {
        JsonNode json = JsonMapper.shared().readTree(CommandLineRun.broken(with(BROKEN, "--json")));
        assertThat(json.at("/finding/rule").asString()).contains("used after it was freed");
        assertThat(json.at("/finding/steps").size()).isPositive();
        assertThat(json.at("/replay").asString())
                .startsWith("janklab explore folio-walk-table-free --kernel 7.2 --without rcu-in-table-lookup --strategy replay:");
    }

    @Test
    void findingBecomesAPerfettoTrace() {
        Path trace = folder.resolve("race.perfetto-trace");
        CommandLineRun.broken(with(BROKEN, "--trace", trace.toString()));
        assertThat(trace).isNotEmptyFile();
    }

    @Test
    void aLockPolicyOfOnesOwnThatBreaksExclusionIsShownWithItsSchedule() throws IOException {
        Path policy = Files.writeString(folder.resolve("LetsEverybodyIn.java"), """
                import io.janklab.kernel.cpu.Task;
                import io.janklab.kernel.lock.policy.Linux;
                import io.janklab.kernel.lock.policy.Rwsem;

                public final class LetsEverybodyIn extends Linux {
                    @Override
                    public boolean readerMayTake(Rwsem lock, Task reader) {
                        return true;
                    }
                }
                """);
        String text = CommandLineRun.broken("explore", "lock-exclusion", "--kernel", "6.17+" + policy);
        assertThat(text).containsIgnoringWhitespaces("is let into mutex lock by LetsEverybodyIn while app/writer");
        assertThat(CommandLineRun.broken(CommandLineRun.commandAfter("To see it again:", text))).contains("Broken: mutual exclusion");
    }

    @Test
    void severalKernelsMakeATable() {
        String text = CommandLineRun.ok("explore", "fault-dontneed", "--kernel", "6.1,6.17", "--arch", "all", "--strategy", "auto");
        assertThat(text).containsSubsequence("6.1 ", "arm64", "6.1 ", "x86-64", "6.17 ", "arm64", "6.17 ", "x86-64",
                "4 explored, 4 of them to the end; 0 broken.");
    }

    @Test
    void whatBreaksInATableIsShownBelowItAndLeftInTheFolder() {
        Path out = folder.resolve("out");
        String text = CommandLineRun.broken("explore", "folio-walk-table-free", "--kernel", "7.0,7.2", "--without", "rcu-in-table-lookup",
                "--out", out.toString());
        assertThat(text).contains("2 broken")
                .contains("To see it again:", "janklab explore folio-walk-table-free --kernel 7.0 --without rcu-in-table-lookup");
        assertThat(out.resolve("explore.json")).content().contains("\"finding\"");
        assertThat(out.resolve("schedule.perfetto-trace")).isNotEmptyFile();
    }

    @Test
    void autoSamplesWhereTheSearchHasNotEnded() {
        assertThat(CommandLineRun.ok("explore", "copy-dontneed", "--strategy", "auto:1", "--schedules", "300"))
                .contains("300 schedules by pct:3");
    }

    @Test
    void aRuleTakenOutWithoutALitmusIsShownByTheOneThatIsKnownTo() {
        String text = CommandLineRun.broken("explore", "--without", "collapse-locks-vma");
        assertThat(text).contains("What rule.collapse-locks-vma is there for, collapse-writer shows within")
                .contains("Broken: a load sees");
        assertThat(CommandLineRun.broken(CommandLineRun.commandAfter("To see it again:", text))).contains("Broken: a load sees");
    }

    @Test
    void aLitmusThatCannotShowARulesRemovalIsFollowedByOneThatCan() {
        String text = CommandLineRun.broken("explore", "fault-dontneed", "--without", "flush-in-cow", "--schedules", "20");
        assertThat(text).containsSubsequence("copy-reader shows within", "Broken: a load sees", "2 explored", "1 broken");
    }

    @Test
    void aLitmusOfTheUsersOwnIsExplored() throws IOException {
        Path file = Files.writeString(folder.resolve("own.litmus"), """
                litmus own
                before:
                  mmap @0 1p r|w private|anonymous|fixed
                tasks:
                  one        | two
                  store @0 1 | store @0 2
                after:
                  last = load @0
                never: last=2
                """);
        String text = CommandLineRun.broken("explore", "--file", file.toString());
        assertThat(text).contains("own on 6.17.\n").contains("Broken: never: last=2");
        assertThat(String.join(" ", CommandLineRun.commandAfter("To see it again:", text)))
                .startsWith("explore --file " + file + " --strategy replay:");
        assertThat(CommandLineRun.bad("explore", "--file",
                Files.writeString(folder.resolve("bad.litmus"), "litmus x\ntasks:\n a | b\n jump | \n").toString()))
                .contains("bad.litmus:4: there is no call 'jump'.");
    }

    @Test
    void aPairThatBreaksARuleIsLeftAsALitmusFileThatShowsItAgain() {
        Path out = folder.resolve("pairs");
        String text = CommandLineRun.broken("explore", "pairs", "--kernel", "7.2", "--arch", "x86-64", "--without", "ptl-in-zap", "--ops",
                "dontneed", "--states", "fresh", "--schedules", "60", "--out", out.toString());
        assertThat(text).contains("dontneed × dontneed").contains("explorations");
        String again = String.join(" ", CommandLineRun.commandAfter("To see it again:", text));
        assertThat(CommandLineRun.broken(again.replace("--file ", "--file " + out + "/").split(" "))).contains("Broken:");
        assertThat(out.resolve("pairs.json")).content().contains("causes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explore                                                 | takes the name of a litmus
            explore fault-dontnee                                   | did you mean 'fault-dontneed'?
            explore fault-dontneed --strategy greedy                | not 'greedy'
            explore fault-dontneed --strategy replay:A--B           | not 'A--B'
            explore fault-dontneed --schedules 0                    | not 0
            explore fault-dontneed --arch mips                      | not 'mips'
            explore fault-dontneed --kernel 6.2                     | there is no kernel '6.2'
            explore fault-dontneed --without pmd-rechek             | did you mean 'rule.pmd-recheck'?
            explore --file no-such.litmus                           | no-such.litmus cannot be read (there is no such file)
            explore fault-dontneed --file no-such.litmus            | not both
            explore pairs --ops munmapp                             | did you mean 'munmap'?
            explore pairs --states wet                              | --states: there is no 'wet'
            explore pairs --sample 0                                | --sample takes a number from 1
            explore pairs --strategy replay:A                       | a schedule belongs to one litmus
            """)
    void badInputIsRefusedInASentence(String command, String sentence) {
        assertThat(CommandLineRun.bad(command.strip().split(" "))).contains(sentence);
    }
}
