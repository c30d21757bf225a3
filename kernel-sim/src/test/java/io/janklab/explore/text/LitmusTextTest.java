package io.janklab.explore.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.program.Call;
import io.janklab.program.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LitmusTextTest {
    private static final String TWO_WRITERS = """
            # Who writes last wins.
            litmus two-writers
            story Two tasks write one page.
            before:
              mmap @0 1p r|w private|anonymous|fixed
            tasks:
              first      | second
              store @0 1 | store @0 2
                         | seen = load @0
            after:
              last = load @0
            never: seen=0
            always: last=1 or last=2 and seen=2
            """;

    private static LitmusText parse(String text) {
        return LitmusParser.parse(text.lines().toList());
    }

    private static Verdict explore(String text, String strategy) {
        ExploreSpec spec = new ExploreSpec(parse(text).litmus(), KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64),
                Architecture.ARM64);
        return new Explorer(spec).strategy(Strategy.parse(strategy)).schedules(300).explore();
    }

    @Test
    void columnsAreTasksAndAnswersAreOutcomes() {
        Verdict verdict = explore(TWO_WRITERS, "random");
        assertThat(verdict.finding()).isNull();
        assertThat(verdict.outcomes()).containsOnlyKeys("seen=1 last=1", "seen=2 last=2", "seen=2 last=1");
    }

    @Test
    void whatMustNeverComeOfItIsAFinding() {
        assertThat(explore(TWO_WRITERS.replace("never: seen=0", "never: seen=2 last!=seen"), "random").finding().rule())
                .isEqualTo("never: seen=2 last!=seen");
        assertThat(explore(TWO_WRITERS.replace("last=1 or", ""), "random").finding().rule()).isEqualTo("always: last=2 and seen=2");
    }

    @Test
    void aChildAnswersWithWhatItReads() {
        String text = """
                litmus fork
                before:
                  mmap @0 1p r|w private|anonymous|fixed
                  store @0 1
                tasks:
                  forker            | writer
                  c = fork @0 1p 2  | store @0 2
                always: c=1,1 or c=2,2
                """;
        Verdict verdict = explore(text, "pct:3");
        assertThat(verdict.finding()).isNull();
        assertThat(verdict.outcomes()).containsOnlyKeys("c=1,1", "c=2,2");
    }

    @Test
    void aTaskElsewhereLooksAtTheProgramsMemory() {
        String text = """
                litmus maps
                before:
                  mmap @0 4p r|w private|anonymous|fixed
                tasks:
                  looker elsewhere | unmapper
                  m = maps @0 4p   | munmap @1 1p
                always: m=whole or m=hole@1
                """;
        assertThat(explore(text, "random").outcomes()).containsOnlyKeys("m=whole", "m=hole@1");
    }

    /// Copy on write, seen from both sides.
    @Test
    void aTaskInAChildHasItsOwnMemoryFromTheForkOn() {
        String text = """
                litmus cow
                before:
                  mmap @0 1p r|w private|anonymous|fixed
                  store @0 1
                tasks:
                  parent      | copy child
                  store @0 2  | a = load @0
                  p = load @0 | store @0 3
                              | madvise @0 1p dontneed
                              | b = load @0
                after:
                  last = load @0
                always: p=2 a=1 b=0 last=2
                """;
        assertThat(parse(text).text()).contains("  parent      | copy child\n");
        Verdict verdict = explore(text, "pct:3");
        assertThat(verdict.finding()).isNull();
        assertThat(verdict.outcomes()).containsOnlyKeys("p=2 a=1 b=0 last=2");
        String exits = text.replace("store @0 3", "exit").replace("b = load @0", "load @0").replace("b=0 ", "");
        assertThat(explore(exits, "pct:3").finding()).as("the program goes on without its child").isNull();
    }

    /// As the kernel's own uffd-stress does it: filled without waking, then woken.
    @Test
    void whoWaitsForAUserfaultIsWokenByItsOwnCall() {
        String text = """
                litmus wake
                userfaults wait
                before:
                  mmap @0 1p r|w private|anonymous|fixed
                  mmap @8 1p r|w private|anonymous|fixed
                  store @8 7
                  uffd_register @0 1p missing
                tasks:
                  reader      | manager
                  r = load @0 | uffd_read
                              | c = uffd_copy @0 @8 1p 1
                              | w = uffd_wake @0 1p
                always: r=7 w=0
                """;
        assertThat(explore(text, "random").finding()).isNull();
        assertThat(explore(text.replace("w = uffd_wake @0 1p", "w = uffd_wake @1 1p"), "random").finding().rule()).contains("deadlock");
    }

    @Test
    void whetherACallHadReturnedBeforeAnotherBeganIsPartOfTheOutcome() {
        String text = """
                litmus order
                before:
                  mmap @0 1p r|w private|anonymous|fixed
                  store @0 5
                tasks:
                  first          | second
                  w = store @0 1 | r = load @0
                never: w<r r=5
                """;
        Verdict verdict = explore(text, "dfs");
        assertThat(verdict.complete()).isTrue();
        assertThat(verdict.outcomes()).containsOnlyKeys("w=1 r=5 w<r=no", "w=1 r=1 w<r=no", "w=1 r=1 w<r=yes");
        assertThat(explore(text.replace("w<r r=5", "w<r r=1"), "dfs").finding().rule()).isEqualTo("never: w<r r=1");
    }

    @Test
    void aWatchedPageIsHeldAgainstWhatHasBeenDoneToIt() {
        String text = """
                litmus watched
                watch @0
                before:
                  mmap @0 1p r|w private|anonymous|fixed
                  store @0 1
                tasks:
                  writer     | purger
                  store @0 2 | madvise @0 1p dontneed
                after:
                  load @0
                """;
        assertThat(explore(text, "dfs").finding()).isNull();
        LitmusText litmus = parse(text);
        assertThat(parse(litmus.text()).watched()).isEqualTo(litmus.watched()).hasSize(1);
        WatchedPages pages = litmus.watch();
        for (Line line : litmus.before()) {
            assertThat(pages.end(pages.begin(line.call()), line.call().operation() == Operation.STORE ? "1" : "@0")).isNull();
        }
        Call load = litmus.after().getFirst().call();
        assertThat(pages.end(pages.begin(load), "1")).isNull();
        assertThat(pages.end(pages.begin(load), "0")).contains("a load sees 0");
    }

    @Test
    void aFileReadsAsItIsWritten() {
        String text = parse(TWO_WRITERS).text();
        assertThat(parse(text).text()).isEqualTo(text).contains("  first      | second\n", "never: seen=0\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '"', textBlock = """
            litmus a ~ 1 ~ two to 4 tasks
            tasks:;x|y ~ 2 ~ the name of a task is one word
            litmus a;tasks:;a | b;jump @0 | ~ 4 ~ there is no call 'jump'
            litmus a;tasks:;a | b;load @0 | load @0 | load @0 ~ 4 ~ 3 columns for 2 tasks
            litmus a;tasks:;a | b | c | d | e ~ 3 ~ 4 tasks at most, not 5
            litmus a;tasks:;a | b;load @9999 | ~ 4 ~ outside of the region
            litmus a;tasks:;a | b;load @0 | ;never: x=1 ~ 5 ~ no call's answer is named 'x'
            litmus a;tasks:;a | b;x = load @0 | x = load @1 ~ 4 ~ names another call's answer already
            litmus a;tasks:;a | b;x = load @0 | ;always: x ~ 5 ~ a condition looks like a=1
            litmus a;memory 3;tasks:;a | b ~ 2 ~ pages from 1p
            litmus a;memory 99999999p ~ 2 ~ pages from 1p
            litmus a;after:;before: ~ 3 ~ in that order
            litmus a;watch 0 ~ 2 ~ watch takes pages, such as @0
            litmus a;watch @9999 ~ 2 ~ watch takes pages, such as @0
            litmus a;watch @0;before:;write @0 1p ~ 4 ~ cannot call 'write', which changes them unseen
            litmus a;tasks:;a | b;x = load @0 | ;never: x<y ~ 5 ~ no call's answer is named 'y'
            litmus a;tasks:;a elsewhere | b;store @0 1 | load @0 ~ 4 ~ a task elsewhere cannot call 'store'
            litmus a;tasks:;a | b;madvise @0 1p sideways | ~ 4 ~ 'sideways' cannot be read as advice
            litmus a;tasks:;a | b;madvise @0 1p dontned | ~ 4 ~ 'dontned' cannot be read as advice (did you mean 'dontneed'?)
            litmus a;before:;mmap @0 1p r|w private|anonymus ~ 3 ~ 'anonymus' cannot be read as map_flags (did you mean 'anonymous'?)
            litmus a;befroe:;load @0 ~ 2 ~ (did you mean 'before:'?)
            litmus a;before:;stroe @0 1 ~ 3 ~ there is no call 'stroe' (did you mean 'store'?)
            litmus a;tasks:;a | b;store @0 1 | store @0 2| exit ~ 4 ~ a bar between columns has a blank on either side
            litmus a;tasks:;a |b ~ 3 ~ a bar between columns has a blank on either side
            litmus a;tasks:;a nowhere | b ~ 3 ~ or NAME child for one in a forked child
            litmus a;watch @0;tasks:;a child | b ~ 4 ~ has no task in a child
            litmus a b ~ 1 ~ the name of a litmus is one word
            colour red ~ 1 ~ not 'colour'
            """)
    void badFilesAreRefusedWithTheirLine(String text, int line, String sentence) {
        LitmusSyntax bad = catchThrowableOfType(LitmusSyntax.class, () -> parse(text.replace(';', '\n')));
        assertThat(bad).hasMessageContaining(sentence);
        assertThat(bad.line()).isEqualTo(line);
    }
}
