package io.janklab.workloads.scenario;

import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.workloads.input.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The figures by which a scenario can be judged: of its frames, and those it measures beside them.
public final class Figures {
    /// The names of the [Quantity]s that each word of the key `quantities` stands for, or a program of its own measures.
    public static final Map<String, List<String>> OF = Map.of(
            "launch-time", List.of("time to initial display"),
            "ui-d-state", List.of("UI uninterruptible sleep", "longest UI uninterruptible sleep"),
            "ui-mmap-lock", List.of("UI waits for mmap_lock", "longest UI wait for mmap_lock"),
            "mmap-lock", List.of("mmap_lock reads", "mmap_lock reads that wait", "mmap_lock read wait", "mmap_lock writes",
                    "mmap_lock write wait",
                    "waits of 1 to 10 ms", "waits of 10 to 100 ms", "fork waits for locks"),
            "mmap-latency", List.of("mmap + munmap P50", "mmap + munmap P99", "mmap + munmap max"),
            "ipis", List.of("IPI rounds", "IPI waits"),
            "swap", List.of("pswpin", "pswpout", "allocstall"),
            "page-tables", List.of("VmPTE"),
            Scenario.PTE_BLOAT, List.of("VmPTE"),
            Scenario.UFFD_MOVE, List.of("longest UI uninterruptible sleep", "UI uninterruptible sleep", "pswpout"));

    private static final List<String> OF_LOOPS = List.of("iterations");

    private Figures() {}

    /// The metric that the key `headline` names.
    ///
    /// @throws io.janklab.workloads.input.BadInput if the scenario does not measure it
    static String headline(Settings settings, String program, List<String> quantities) {
        List<String> quantityNames = names(program, quantities);
        List<String> known = new ArrayList<>(quantityNames);
        if (program.equals(Scenario.APP) || program.equals(Scenario.UFFD_MOVE)) {
            known.addAll(ofFrames());
        }
        boolean isKnown = settings.isSound("program") && settings.isSound("quantities");
        String chosen = isKnown ? settings.choice("headline", known) : settings.text("headline");
        return quantityNames.contains(chosen) ? Quantity.METRIC_PREFIX + chosen : chosen;
    }

    /// The names of all [Quantity]s of a scenario.
    ///
    /// @param quantities the words of its key `quantities`
    static List<String> names(String program, List<String> quantities) {
        return program.equals(Scenario.APP)
                ? quantities.stream().flatMap(word -> OF.getOrDefault(word, List.of()).stream()).toList()
                : OF.getOrDefault(program, OF_LOOPS);
    }

    private static List<String> ofFrames() {
        List<String> metrics = new ArrayList<>();
        for (String times : List.of(PairedComparison.OVERRUN, PairedComparison.DURATION)) {
            PairedComparison.TESTED_PERCENTILES.forEach(percentile -> metrics.add(times + "." + percentile));
        }
        metrics.addAll(List.of(PairedComparison.JANKY, PairedComparison.UI_INVERSION));
        return metrics;
    }
}
