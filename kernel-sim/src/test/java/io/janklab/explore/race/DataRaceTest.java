package io.janklab.explore.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.litmus.Litmuses;
import io.janklab.explore.pairs.MemoryState;
import io.janklab.explore.pairs.PairOperation;
import io.janklab.explore.pairs.PairSearch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Two tasks' accesses to one field of the simulated memory management are in an order that the explorer knows of (as KCSAN asks of Linux).
/// The order of any others would not be a point of choice, and a search would call itself complete without having tried it.
///
/// `-Djanklab.callers=3` names the callers as well, `-Djanklab.schedules=N` tries N schedules of each.
class DataRaceTest {
    private static final List<String> VERSIONS = List.of("6.1", "7.2");
    private static final int CROSSINGS = 30;

    /// Intentional races, and why they make no difference.
    private static final Map<String, Set<String>> INTENDED = new LinkedHashMap<>();

    static {
        intended("refcounts and mapcounts are told as counts, which may change places, and share a word with flags, told as such",
                "FolioTable.get", "FolioTable.tryGet", "FolioTable.putTestZero", "FolioTable.refcountNow", "FolioTable.anonVmaId",
                "FolioTable.incrementMapcount", "FolioTable.decrementMapcount", "FolioTable.mapcountNow", "FolioTable.flags",
                "FolioTable.set", "FolioTable.clear", "FolioTable.change", "FolioTable.populate");
        intended("free frames are told as a count, until it decides something",
                "FrameAllocator.allocate", "FrameAllocator.free", "FrameAllocator.touch");
        intended("statistics", "VmStat.count", "Mm.addResident");
        intended("what one core's TLB holds is told; all cores' lie in one map",
                "TlbEntries.beforeFree", "TlbEntries.drop", "TlbEntries.fill", "TlbEntries.lookup");
        intended("gathers are pooled: each has one owner at a time", "MmuGather.begin", "MmuGather.finish", "MmuGather.flushTlb",
                "MmuGather.freePages", "MmuGather.invalidate", "MmuGather.isFull", "MmuGather.resetRange", "MemoryManager.gatherWhole",
                "MemoryManager.retire", "MemoryManager.gather");
        intended("the table found last, which only saves the host a walk, and levels above, which only lead there: the PMD is told",
                "PageTable.find", "PageTable.forget", "PageTable.walk", "PageTable.addDirectory");
        intended("room for contents is made when it is first needed", "Contents.set");
        intended("what draining will cost", "LruBatches.drain", "LruBatches.drainAdd");
        intended("which entries of a table are in use is told, and the bits that the MMU sets make no difference to that",
                "PteTable.access", "PteTable.nextUsed");
        intended("VM_MAYBE_GUARD, which is set under a read lock: who may go first looks at other flags, and merging ignores it",
                "Vma.setFlagAtomic", "Vma.is", "Vma.flags");
        intended("when a lazy mm_cpumask is trimmed next: READ_ONCE and WRITE_ONCE, and no schedule takes that long", "Tlb.trims");
    }

    private static void intended(String why, String... methods) {
        INTENDED.put(why, Set.of(methods));
    }

    private final Map<String, String> races = new TreeMap<>();
    private final BiConsumer<List<String>, BiConsumer<String, String>> run = instrumented();

    @SuppressWarnings("unchecked")
    private static BiConsumer<List<String>, BiConsumer<String, String>> instrumented() {
        try {
            return (BiConsumer<List<String>, BiConsumer<String, String>>)
                    new InstrumentingLoader().loadClass("io.janklab.explore.RaceRun").getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private void look(String... asked) {
        run.accept(List.of(asked), (field, pair) -> {
            Set<String> methods = Arrays.stream(pair.split(" \\| "))
                    .map(access -> access.replaceFirst(" <.*", "").replaceFirst("^\\w+ ", ""))
                    .collect(Collectors.toSet());
            if (INTENDED.values().stream().noneMatch(group -> group.containsAll(methods))) {
                races.putIfAbsent(field + ": " + pair, String.join(" ", asked).lines().findFirst().orElseThrow());
            }
        });
    }

    @Test
    void noLitmusHasARaceThatNobodyIntends() {
        for (String litmus : Litmuses.names()) {
            VERSIONS.forEach(version -> look(version, litmus));
        }
        assertThat(races).isEmpty();
    }

    @Test
    void noPairOfOperationsHasOne() {
        List<String> crossings = PairSearch.pairs(PairOperation.ALL, MemoryState.ALL).stream()
                .filter(pair -> !pair.name().contains("huge") && !pair.name().contains("file") && !pair.name().contains("table"))
                .map(pair -> pair.litmus().text())
                .toList();
        for (int i = 0; i < CROSSINGS; i++) {
            look("7.2", crossings.get(i * crossings.size() / CROSSINGS));
        }
        assertThat(races).isEmpty();
    }

    @Test
    void aFieldThatTasksShareSilentlyIsFound() {
        look("7.2", "silent-counter");
        assertThat(races.keySet()).isNotEmpty().allMatch(race -> race.startsWith("RaceExample.silent: "));
    }
}
