package io.janklab.workloads.map;

import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Setting;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where on the published maps comparisons lie.
public final class Places {
    private Places() {}

    private static final Pattern SCENARIO = Pattern.compile(" --scenario ('[^']*'|\\S+)");

    /// Where the comparison of the first of these with the others lies, on the map of most seeds for each pair of kernels, or how a map
    /// around it is drawn; empty of one setting, and of programs that draw no frames.
    public static String of(List<Setting> settings) {
        Setting first = settings.getFirst();
        List<Setting> others = settings.subList(1, settings.size());
        boolean ofKernelsAlone = settings.stream()
                .allMatch(each -> each.scenario().equals(first.scenario()) && each.device().equals(first.device()));
        if (others.isEmpty() || !first.scenario().program().equals(Scenario.APP)) {
            return "";
        }
        if (!ofKernelsAlone) {
            return "On no map (MAP.md): maps are of two kernels, and these sides differ in more.";
        }
        List<PublishedMap> maps = PublishedMap.all();
        String found = others.stream()
                .flatMap(other -> of(maps, first.kernel().name(), other.kernel().name())
                        .filter(map -> map.place(first).isPresent())
                        .max(Comparator.comparingInt(PublishedMap::seeds)).stream())
                .flatMap(map -> map.place(first).stream())
                .collect(Collectors.joining("; "));
        return found.isEmpty()
                ? "On no published map (MAP.md); " + drawing(first, others.getLast()) + " draws one."
                : "On the map (MAP.md) " + found + ".";
    }

    /// The same where these replay a recording or a heap trace: nowhere.
    public static String ofReplays(List<Setting> settings) {
        return settings.size() == 1 ? "" : "On no map (MAP.md): maps are of scenarios with generated allocations.";
    }

    /// As it was given: a name, or a file.
    private static String scenario(Setting setting) {
        Matcher given = SCENARIO.matcher(Objects.requireNonNullElse(setting.command(), ""));
        return given.find() ? given.group(1) : setting.scenario().name();
    }

    private static Stream<PublishedMap> of(List<PublishedMap> maps, String from, String to) {
        return maps.stream().filter(map -> map.kernels().equals(List.of(from, to)));
    }

    private static String drawing(Setting first, Setting last) {
        return "janklab map --kernels " + first.kernel().name() + "," + last.kernel().name() + " --scenario " + scenario(first);
    }
}
