package io.janklab.explore.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Explorer;
import io.janklab.explore.Finding;
import io.janklab.explore.Strategy;
import io.janklab.explore.text.LitmusParser;
import io.janklab.explore.text.LitmusText;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `known.txt` lets stand, shown by a litmus.
@Execution(ExecutionMode.CONCURRENT)
class KnownAccusationTest {
    private static @Nullable Finding explore(KernelProfile profile) {
        LitmusText text = LitmusParser.parse(Table.lines("mremap-move.litmus"));
        ExploreSpec spec = new ExploreSpec(text.litmus(), profile, Architecture.X86_64);
        return new Explorer(spec).strategy(Strategy.parse("dfs")).explore().finding();
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_12", "V7_2"})
    void mremapAndUserfaultfdMoveDeadlockWhereMoveTakesVmaLocks(KernelVersion version) {
        Finding finding = explore(KernelProfile.of(version, Architecture.X86_64));
        assertThat(finding).isNotNull();
        assertThat(finding.rule()).contains("deadlock").contains("ptl");
    }

    @Test
    void theyDoNotWhereMoveTakesMmapLock() {
        assertThat(explore(KernelProfile.of(KernelVersion.V6_6, Architecture.X86_64))).isNull();
    }

    @Test
    void theyDoNotIfMremapLocksTheLowerTableFirst() {
        KernelProfile ordered = KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64).with(Switch.MREMAP_PTL_ORDER, "lower-first");
        assertThat(explore(ordered)).isNull();
    }
}
