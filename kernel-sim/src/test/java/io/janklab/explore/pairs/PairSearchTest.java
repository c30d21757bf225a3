package io.janklab.explore.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.text.LitmusParser;
import io.janklab.explore.text.LitmusText;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairSearchTest {
    private static final PairSearch.Progress NONE = accusation -> {};

    private static List<PairOperation> operations(String... names) {
        return Stream.of(names)
                .map(name -> PairOperation.ALL.stream().filter(operation -> operation.name().equals(name)).findFirst().orElseThrow())
                .toList();
    }

    private static List<MemoryState> state(String name) {
        return MemoryState.ALL.stream().filter(state -> state.name().equals(name)).toList();
    }

    private static PairSearch.Target without(Switch rule) {
        return new PairSearch.Target(KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64).with(rule, "off"), Architecture.X86_64);
    }

    @Test
    void everyCrossingIsALitmusFileThatReadsAsItIsWritten() {
        List<Crossing> pairs = PairSearch.pairs(PairOperation.ALL, MemoryState.ALL);
        List<Crossing> triples = new PairSearch().triples(PairOperation.ALL, MemoryState.ALL, 100);
        assertThat(pairs).hasSizeGreaterThan(20_000);
        Stream<Crossing> some = pairs.stream().filter(pair -> pair.name().hashCode() % 37 == 0);
        for (Crossing crossing : Stream.concat(some, triples.stream()).toList()) {
            LitmusText text = crossing.litmus();
            assertThat(LitmusParser.parse(text.text().lines().toList()).text()).isEqualTo(text.text());
            assertThat(text.tasks()).hasSameSizeAs(crossing.operations());
        }
    }

    @Test
    void aKernelWithoutARuleIsAccusedOnceForEachCause() {
        PairSearch.Result result = new PairSearch().schedules(60).search(
                PairSearch.pairs(operations("load", "dontneed"), state("fresh")),
                List.of(without(Switch.RULE_PTL_IN_ZAP)), Integer.MAX_VALUE, NONE);
        assertThat(result.byCause().keySet()).anyMatch(cause -> cause.contains("counts N entries, has N"));
        List<Accusation> accusations = result.byCause().values().iterator().next();
        assertThat(accusations).extracting(Accusation::operations).contains(List.of("dontneed", "dontneed"));
    }

    /// Of so few, half only find out what tasks share and how long runs are: they count, and what they break is a finding.
    @Test
    void everyRunCountsAsAScheduleAndAsAChanceToFindSomething() {
        List<Crossing> pairs = PairSearch.pairs(operations("load", "dontneed"), state("fresh"));
        PairSearch.Target whole = new PairSearch.Target(KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64), Architecture.X86_64);
        for (int schedules : new int[] {1, 2, 6, 50}) {
            PairSearch.Result result = new PairSearch().schedules(schedules).search(pairs, List.of(whole), Integer.MAX_VALUE, NONE);
            assertThat(result.schedules()).isEqualTo(Math.max(schedules, 2) * result.explorations());
            assertThat(result.byCause()).isEmpty();
        }
        PairSearch.Result broken = new PairSearch().schedules(12).search(pairs, List.of(without(Switch.RULE_PTL_IN_ZAP)), 100, NONE);
        assertThat(broken.byCause()).isNotEmpty();
    }

    /// Both CVEs were in the simulated kernels once, and no litmus showed them: crossing operations did.
    @ParameterizedTest
    @CsvSource({"mremap-pmd-recheck, collapse, mremap-move, text", "move-swap-cache, uffd-move-from, pageout, fresh"})
    void crossingOperationsFindsWhatNoLitmusWasWrittenFor(String rule, String one, String other, String state) {
        List<Crossing> pairs = PairSearch.pairs(operations(one, other), state(state)).stream()
                .filter(pair -> pair.operations().getFirst() != pair.operations().getLast())
                .toList();
        PairSearch.Target target = without(Switch.byKey("rule." + rule));
        PairSearch.Result result = new PairSearch().schedules(2_000).search(pairs, List.of(target), Integer.MAX_VALUE, NONE);
        assertThat(result.byCause()).isNotEmpty();
    }

    @Test
    void whatIsFoundDoesNotDependOnTheHostsThreads() {
        List<Crossing> pairs = PairSearch.pairs(operations("free", "dontneed"), state("fresh"));
        List<PairSearch.Target> targets = List.of(without(Switch.RULE_PTL_IN_ZAP));
        Map<String, List<String>> one = names(new PairSearch(1).schedules(60).search(pairs, targets, 5, NONE));
        Map<String, List<String>> many = names(new PairSearch(7).schedules(60).search(pairs, targets, 5, NONE));
        assertThat(one).isNotEmpty().isEqualTo(many);
    }

    private static Map<String, List<String>> names(PairSearch.Result result) {
        return result.byCause().entrySet().stream().collect(Collectors.toMap(
                Map.Entry::getKey,
                cause -> cause.getValue().stream()
                        .map(accusation -> accusation.crossing().name() + accusation.finding().schedule()).toList()));
    }

    /// An endless run has twenty thousand steps, and hundreds of crossings may be accused for one cause.
    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void onlyTheFirstAccusationOfACauseKeepsItsSteps(int threads) {
        PairSearch.Result result = new PairSearch(threads).schedules(60).search(
                PairSearch.pairs(operations("load", "dontneed", "dontneed-all"), state("fresh")),
                List.of(without(Switch.RULE_PTL_IN_ZAP)), Integer.MAX_VALUE, NONE);
        assertThat(result.byCause().values()).anyMatch(accusations -> accusations.size() > 1).allSatisfy(accusations -> {
            assertThat(accusations.getFirst().finding().steps()).isNotEmpty();
            assertThat(accusations.subList(1, accusations.size())).allMatch(accusation -> accusation.finding().steps().isEmpty());
        });
    }

    @Test
    void namesAreUnique() {
        assertThat(PairOperation.ALL.stream().map(PairOperation::name)).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(44);
        assertThat(MemoryState.ALL.stream().map(MemoryState::name)).doesNotHaveDuplicates()
                .contains("fresh", "swapped", "huge", "shared", "file", "uffd");
    }
}
