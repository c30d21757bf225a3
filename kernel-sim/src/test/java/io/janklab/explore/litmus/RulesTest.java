package io.janklab.explore.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A kernel without one of its safety rules must be caught; `-Djanklab.refresh=true` updates the number of schedules that this is known to
/// take, `-Djanklab.searched=2000` searches further.
@Execution(ExecutionMode.CONCURRENT)
@Tag("schedules")
class RulesTest {
    private static final long MOST_SCHEDULES = 100_000;
    /// Nearly every search that catches its rule does so sooner.
    private static final long MOST_SEARCHED = Long.getLong("janklab.searched", 400);
    private static final Path TABLE = Path.of("src/main/resources/io/janklab/explore/litmus/rules.txt");

    static final List<KnownCatch> CASES = KnownCatch.ALL;

    /// Its kernel, without the rule.
    private static ExploreSpec spec(KnownCatch each) {
        KernelProfile kernel = KernelProfile.of(KnownCatch.KERNEL, KnownCatch.ARCHITECTURE).with(each.rule(), "off");
        if (each.setting() != null) {
            String[] keyAndValue = each.setting().split("=");
            kernel = kernel.with(Objects.requireNonNull(Switch.byKey(keyAndValue[0])), keyAndValue[1]);
        }
        return new ExploreSpec(each.litmus(), kernel, KnownCatch.ARCHITECTURE);
    }

    private static Verdict explore(KnownCatch each, Strategy strategy, long schedules) {
        return new Explorer(spec(each)).strategy(strategy).schedules(schedules).explore();
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void aKernelWithoutOneOfItsRulesIsCaughtAsIsKnown(KnownCatch each) {
        Verdict verdict = explore(each, each.strategy(), each.schedules());
        assertThat(verdict.finding()).as("nothing broke in %d schedules by %s", each.schedules(), each.strategy()).isNotNull();
        assertThat(verdict.finding().rule()).contains(each.breaks());
    }

    /// What dfs leaves out must be equal to what it runs.
    @ParameterizedTest
    @FieldSource("CASES")
    void aSearchThatCallsItselfCompleteHasCaughtIt(KnownCatch each) {
        Verdict verdict = explore(each, new Strategy.DepthFirst(), MOST_SEARCHED);
        assertThat(verdict.complete()).as("nothing broke in all %d schedules there are", verdict.schedules()).isFalse();
    }

    @Test
    void everyRuleHasItsLitmus() {
        assertThat(CASES).extracting(KnownCatch::rule).doesNotHaveDuplicates().containsAll(Switch.rules());
    }

    @Test
    @EnabledIfSystemProperty(named = "janklab.refresh", matches = "true")
    void refreshTheTable() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : KnownCatch.lines()) {
            lines.add(line.startsWith("#") ? line : refreshed(line));
        }
        Files.write(TABLE, lines);
    }

    /// With ten times as many schedules as needed, to one digit, and at least 200: unrelated changes move where it is found.
    private static String refreshed(String line) {
        KnownCatch known = KnownCatch.parse(line);
        long took = explore(known, known.strategy(), MOST_SCHEDULES).schedules();
        long enough = Math.max(200, 10 * took);
        long digit = (long) Math.pow(10, (int) Math.log10(enough));
        String[] columns = line.split("\\|", -1);
        columns[3] = String.format(Locale.ROOT, " %-" + (columns[3].length() - 1) + "d", (enough + digit - 1) / digit * digit);
        return String.join("|", columns);
    }
}
