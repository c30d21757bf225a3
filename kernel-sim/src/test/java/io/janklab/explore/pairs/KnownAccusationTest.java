package io.janklab.explore.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.Strategy;
import io.janklab.explore.search.Explorer;
import io.janklab.explore.text.LitmusParser;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import java.util.List;
import java.util.Set;
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
        return explore("mremap-move.litmus", "dfs", profile);
    }

    private static @Nullable Finding explore(String litmus, String strategy, KernelProfile profile) {
        ExploreSpec spec = new ExploreSpec(LitmusParser.parse(Table.lines(litmus)).litmus(), profile, Architecture.X86_64);
        return new Explorer(spec).strategy(Strategy.parse(strategy)).schedules(200).explore().finding();
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

    /// Found by crossing operations, and seen on a real 6.18: the call restarts until SIGKILL.
    @Test
    void guardInstallNeverEndsOnWriteProtectedSharedMemoryWhereFilesMayHaveGuardRegions() {
        Finding finding = explore("guard-protected.litmus", "random", KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64));
        assertThat(finding).isNotNull();
        assertThat(finding.rule()).startsWith("starvation: ");
        assertThat(explore("guard-protected.litmus", "random", KernelProfile.of(KernelVersion.V6_14, Architecture.X86_64))).isNull();
    }

    /// Neither in the state whose preparation is the other half of it, nor where it is half of the preparation, does a search hang.
    @Test
    void whereItIsKnownNobodyIsAccused() {
        List<PairOperation> operations = PairOperation.ALL.stream()
                .filter(operation -> Set.of("guard", "unguard", "load").contains(operation.name())).toList();
        List<MemoryState> protectedMemory = MemoryState.ALL.stream().filter(state -> state.name().equals("shmem-wp")).toList();
        KernelProfile kernel = KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64);
        PairSearch.Result result = new PairSearch().schedules(8).search(PairSearch.pairs(operations, protectedMemory),
                List.of(new PairSearch.Target(kernel, Architecture.X86_64)), Integer.MAX_VALUE, accusation -> {});
        assertThat(result.byCause()).isEmpty();
        assertThat(result.known()).extracting(Accusation::operations).contains(List.of("guard", "load"), List.of("load", "unguard"));
    }
}
