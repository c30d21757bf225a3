package io.janklab.workloads.map;

import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Setting;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where on the published maps comparisons lie.
public final class Places {
    private Places() {}

    /// Where the comparison of the first of these with the others lies, or how a map around it is drawn; empty if they differ in more than
    /// their kernels.
    public static String of(List<Setting> settings) {
        Setting first = settings.getFirst();
        List<Setting> others = settings.subList(1, settings.size());
        boolean ofKernelsAlone = settings.stream()
                .allMatch(each -> each.scenario().equals(first.scenario()) && each.device().equals(first.device()));
        if (others.isEmpty() || !ofKernelsAlone || !first.scenario().program().equals(Scenario.APP)) {
            return "";
        }
        List<PublishedMap> maps = PublishedMap.all();
        String found = others.stream()
                .flatMap(other -> of(maps, first.kernel().name(), other.kernel().name()))
                .flatMap(map -> map.place(first).stream())
                .collect(Collectors.joining("; "));
        return found.isEmpty()
                ? "On no published map (MAP.md); " + drawing(first, others.getLast()) + " draws one."
                : "On the map (MAP.md) " + found + ".";
    }

    private static Stream<PublishedMap> of(List<PublishedMap> maps, String from, String to) {
        return maps.stream().filter(map -> map.kernels().equals(List.of(from, to)));
    }

    private static String drawing(Setting first, Setting last) {
        return "janklab map --kernels " + first.kernel().name() + "," + last.kernel().name() + " --scenario " + first.scenario().name();
    }
}
