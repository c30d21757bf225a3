package io.janklab.explore.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Litmus;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A production kernel of any version is never accused; `-Djanklab.schedules=100000` looks longer.
@Execution(ExecutionMode.CONCURRENT)
@Tag("schedules")
class LitmusTest {
    private static final long SCHEDULES = Long.getLong("janklab.schedules", 20);

    private static void passes(Litmus litmus, KernelProfile kernel, Architecture architecture, String strategy) {
        Verdict verdict = new Explorer(new ExploreSpec(litmus, kernel, architecture)).strategy(Strategy.parse(strategy))
                .schedules(SCHEDULES).explore();
        assertThat(verdict.finding()).as("%s on %s, %s, %s", litmus.name(), kernel, architecture, strategy).isNull();
    }

    @ParameterizedTest
    @MethodSource
    void everyKernelPassesEveryLitmus(KernelVersion version, Architecture architecture) {
        for (Litmus litmus : Litmuses.ALL) {
            passes(litmus, KernelProfile.of(version, architecture), architecture, "random");
            passes(litmus, KernelProfile.of(version, architecture), architecture, "pct:3");
        }
    }

    static Stream<Arguments> everyKernelPassesEveryLitmus() {
        return Arrays.stream(KernelVersion.values())
                .flatMap(version -> Arrays.stream(Architecture.values()).map(architecture -> Arguments.of(version, architecture)));
    }

    /// The proposals of June 2026: reading another process's memory under the VMA lock, with RCU or with interrupts off.
    @ParameterizedTest
    @ValueSource(strings = {"mmap", "vma-rcu", "vma-irq-off"})
    void folioWalksAreSafeByWhateverLockIsProposed(String lock) {
        KernelProfile kernel = KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64).with(Switch.REMOTE_ACCESS_LOCK, lock);
        passes(Litmuses.byName("folio-walk-table-free"), kernel, Architecture.X86_64, "random");
        passes(Litmuses.byName("folio-walk-table-free"), kernel, Architecture.X86_64, "pct:3");
    }

    @Test
    void namesAreUnique() {
        assertThat(Litmuses.ALL.stream().map(Litmus::name)).doesNotHaveDuplicates();
        assertThat(Litmuses.ALL).allMatch(litmus -> Litmuses.byName(litmus.name()) == litmus);
    }
}
