package io.janklab.workloads.cli;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Nearest;
import io.janklab.workloads.scenario.Scenario;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The `--set KEY=VALUE` options: those that name a kernel switch, and the others, which change the scenario.
record Changes(Map<Switch, String> switches, Map<String, String> scenario) {
    /// @throws BadInput if a key is neither a switch's nor the scenario's, or a switch has no such value
    static Changes of(Map<String, String> options) {
        Map<Switch, String> switches = new LinkedHashMap<>();
        Map<String, String> scenario = new LinkedHashMap<>();
        options.forEach((key, value) -> {
            Switch named = Switch.byKey(key);
            if (named != null) {
                switches.put(named, checked(named, value));
            } else if (Scenario.keys().contains(key)) {
                scenario.put(key, value);
            } else {
                throw new BadInput("--set: unknown key '" + key + "'" + Nearest.hint(key, keys()) + ".");
            }
        });
        return new Changes(switches, scenario);
    }

    private static List<String> keys() {
        return Stream.concat(Stream.of(Switch.values()).map(Switch::key), Scenario.keys().stream()).toList();
    }

    private static String checked(Switch named, String value) {
        if (!named.choices().contains(value)) {
            throw new BadInput("the switch " + named.key() + " takes " + String.join(" or ", named.choices()) + ", not '" + value + "'.");
        }
        return value;
    }

    /// The production kernel of that version with the switches set.
    ///
    /// @throws BadInput if there is no such version
    KernelProfile kernel(String version, Architecture architecture) {
        KernelVersion known = KernelVersion.byLabel(version);
        if (known == null) {
            var labels = Stream.of(KernelVersion.values()).map(KernelVersion::label).toList();
            throw new BadInput("there is no kernel '" + version + "'" + Nearest.hint(version, labels) + "; there is " + String.join(", ", labels) + ".");
        }
        KernelProfile profile = KernelProfile.of(known, architecture);
        for (Map.Entry<Switch, String> change : switches.entrySet()) {
            profile = profile.with(change.getKey(), change.getValue());
        }
        return profile;
    }
}
