package io.janklab.workloads.sweep;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.program.Nearest;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Complaints;
import io.janklab.workloads.input.KernelHint;
import io.janklab.workloads.input.OwnClass;
import io.janklab.workloads.input.Settings;
import io.janklab.workloads.scenario.Scenario;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The `--set KEY=VALUE` options: those that name a kernel switch, those that scale a cost of the device's (`cost.tlbi=2`), and the others,
/// which change the scenario. A scenario's key may be abbreviated to its last part, `purger` for `nativeHeap.purger`, where that is unique.
public record Changes(Map<Switch, String> switches, Map<String, Double> costs, Map<String, String> scenario) {
    /// Characters of the list of a switch's values that a complaint has room for.
    private static final int MOST_CHOICES = 50;
    private static final String COST = "cost.";
    /// The users' abbreviation of the native heap.
    private static final String HEAP = "heap.";
    /// A short name never means all threads at once.
    private static final String OF_EVERY_THREAD = "thread.";

    /// @throws BadInput if a key is none of these, or a switch has no such value
    public static Changes of(Map<String, String> options) {
        Complaints complaints = new Complaints();
        Changes changes = of(options, complaints);
        complaints.end();
        return changes;
    }

    /// Where there is no scenario to change.
    ///
    /// @throws BadInput if a key is not of the kernel or the device, or a switch has no such value
    public static Changes ofMachine(Map<String, String> options) {
        Changes changes = of(options);
        if (!changes.scenario.isEmpty()) {
            throw new BadInput("there is no kernel switch '" + changes.scenario.keySet().iterator().next()
                    + "': it is a key of scenarios, and none is run here; see janklab list --switches.");
        }
        return changes;
    }

    /// Those that can be used.
    ///
    /// @param complaints gets what is wrong with the others
    public static Changes of(Map<String, String> options, Complaints complaints) {
        Changes changes = new Changes(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        options.forEach((key, value) -> complaints.check(() -> changes.add(key, value)));
        return changes;
    }

    /// These, and others where these leave them open.
    public Changes orElse(Map<String, String> others) {
        Changes both = of(others);
        both.switches.putAll(switches);
        both.costs.putAll(costs);
        both.scenario.putAll(scenario);
        return both;
    }

    private void add(String key, String value) {
        Switch named = Switch.byKey(key);
        String scenarioKey = scenarioKey(key);
        if (named != null) {
            switches.put(named, checked(named, value));
        } else if (key.startsWith(COST) && Stream.of(Cost.values()).anyMatch(cost -> Device.isNamed(cost, key.substring(COST.length())))) {
            costs.put(key.substring(COST.length()), factor(key, value));
        } else if (Scenario.isKey(scenarioKey)) {
            scenario.put(scenarioKey, value);
        } else {
            throw new BadInput("--set: unknown key '" + key + "'" + Settings.hint(key, keys()) + ".");
        }
    }

    private static String scenarioKey(String key) {
        if (key.startsWith(HEAP)) {
            return "nativeHeap." + key.substring(HEAP.length());
        }
        if (Scenario.isKey(key)) {
            return key;
        }
        List<String> meant = Scenario.keys().stream()
                .filter(each -> each.endsWith("." + key) && !each.startsWith(OF_EVERY_THREAD)).toList();
        if (meant.size() > 1) {
            throw new BadInput("--set: '" + key + "' may be " + String.join(" or ", meant) + ": give one of them in full.");
        }
        return meant.isEmpty() ? key : meant.getFirst();
    }

    private static double factor(String key, String value) {
        try {
            double factor = Double.parseDouble(value);
            if (factor >= 0 && factor <= 1e6) {
                return factor;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new BadInput("--set " + key + " takes a factor of the device's cost, from 0 to 1000000, not '" + value + "'.");
    }

    private static List<String> keys() {
        Stream<String> costs = Stream.of(Cost.values()).map(cost -> COST + cost.key());
        return Stream.of(Stream.of(Switch.values()).map(Switch::key), Scenario.keys().stream(), costs).flatMap(key -> key).toList();
    }

    /// The device with its costs scaled.
    public Device device(Device device) {
        Device scaled = device;
        for (Map.Entry<String, Double> cost : costs.entrySet()) {
            scaled = scaled.withCosts(cost.getKey(), cost.getValue());
        }
        return scaled;
    }

    private static String checked(Switch named, String value) {
        boolean isOwn = named == Switch.RWSEM_POLICY && OwnClass.isOne(value);
        if (!named.choices().contains(value) && !isOwn) {
            String all = String.join(" or ", named.choices());
            throw new BadInput(all.length() <= MOST_CHOICES
                    ? "the switch " + named.key() + " takes " + all + ", not '" + value + "'."
                    : "the switch " + named.key() + " takes no '" + value + "'" + Nearest.hint(value, named.choices())
                            + "; see janklab list --switches.");
        }
        return value;
    }

    /// All but the switches, each under its full key.
    public Map<String, String> unswitched() {
        Map<String, String> all = new LinkedHashMap<>(scenario);
        costs.forEach((name, times) -> all.put(COST + name, Double.toString(times)));
        return all;
    }

    /// The production kernel of that name with the switches set: those that follow the name (`6.1+fault.vma-lock=anon`, or a lock policy of
    /// the user's own, `6.17+MyPolicy.java`), then those of `--set`.
    ///
    /// @throws BadInput if there is no such kernel, or a switch that follows it is unknown or has no such value
    public KernelProfile kernel(String name, Architecture architecture) {
        String[] parts = name.split("\\+", -1);
        KernelProfile profile = KernelProfile.byLabel(parts[0], architecture);
        if (profile == null) {
            throw new BadInput("there is no kernel '" + parts[0] + "'" + KernelHint.of(parts[0]) + "; see janklab list.");
        }
        for (String change : List.of(parts).subList(1, parts.length)) {
            profile = OwnClass.isOne(change) ? withOwn(profile, change) : with(profile, name, change);
        }
        for (Map.Entry<Switch, String> change : switches.entrySet()) {
            profile = with(profile, change.getKey(), change.getValue());
        }
        return profile;
    }

    private static KernelProfile with(KernelProfile profile, Switch key, String value) {
        return key.choices().contains(value) ? profile.with(key, value) : withOwn(profile, value);
    }

    private static KernelProfile withOwn(KernelProfile profile, String policy) {
        OwnClass<LockPolicy> own = OwnClass.find(policy, LockPolicy.class);
        return profile.with(Switch.RWSEM_POLICY, own.name(), LockPolicy.class, own);
    }

    private static KernelProfile with(KernelProfile profile, String kernel, String change) {
        int equals = change.indexOf('=');
        String key = equals < 0 ? change : change.substring(0, equals);
        Switch named = Switch.byKey(key);
        if (named == null || equals < 0) {
            List<String> known = Stream.of(Switch.values()).map(Switch::key).toList();
            throw new BadInput(kernel + ": after the + comes SWITCH=VALUE or MyPolicy.java, not '" + change + "'"
                    + Nearest.hint(key, known) + ".");
        }
        return with(profile, named, checked(named, change.substring(equals + 1)));
    }
}
