package io.janklab.workloads.host.sys;

import io.janklab.kernel.config.KernelProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The properties of a host's kernel and machine ([HostProbes]), and how each is simulated.
public record HostProperties(List<HostProperty> all) {
    /// A host that has not been probed: root's, and like the profile in everything.
    public static final HostProperties UNKNOWN = new HostProperties(List.of());

    public static final String MAY_LOCK = "CAP_IPC_LOCK";
    public static final String MAY_ADVISE_OTHERS = "CAP_SYS_NICE";
    public static final String LOCK_LIMIT = "RLIMIT_MEMLOCK";
    /// How many pages of hugetlb a program finds.
    public static final String HUGE_PAGES = "vm.nr_hugepages";
    /// More than a program can use are not counted.
    public static final int MOST_HUGE_PAGES = 8;
    public static final String YES = "yes";
    public static final String NO = "no";

    public HostProperties {
        all = List.copyOf(all);
    }

    /// The value found, or `otherwise` if it was not probed.
    public String found(String name, String otherwise) {
        return all.stream().filter(property -> property.name().equals(name)).map(HostProperty::host).findFirst().orElse(otherwise);
    }

    /// The profile with every switch that a property decides.
    public KernelProfile applyTo(KernelProfile profile) {
        KernelProfile applied = profile;
        for (HostProperty property : all) {
            applied = property.asSwitch() == null ? applied : applied.with(property.asSwitch(), property.simulated());
        }
        return applied;
    }

    /// The lines of [KnownDifferences] that hold here.
    public List<String> leftOut() {
        return all.stream().map(HostProperty::leftOut).filter(line -> line != null).toList();
    }

    /// Each that cannot be simulated, in a sentence.
    public List<String> caveats() {
        return all.stream().map(HostProperty::reason).filter(reason -> reason != null).distinct().toList();
    }

    /// A line each: name, host, simulated.
    public List<String> table() {
        int name = all.stream().mapToInt(property -> property.name().length()).max().orElse(0);
        int host = Math.max(4, all.stream().mapToInt(property -> property.host().length()).max().orElse(0));
        String row = "%-" + Math.max(1, name) + "s  %-" + host + "s  %s";
        List<String> lines = new ArrayList<>(List.of(row.formatted("property", "host", "simulated as").stripTrailing()));
        all.forEach(property -> lines.add(row.formatted(property.name(), property.host(), property.simulated())));
        return lines;
    }

    /// By name: what was found and how it is simulated.
    public Map<String, Map<String, String>> asMap() {
        Map<String, Map<String, String>> byName = new LinkedHashMap<>();
        all.forEach(property -> byName.put(property.name(),
                new TreeMap<>(Map.of("host", property.host(), "simulated", property.simulated()))));
        return byName;
    }
}
