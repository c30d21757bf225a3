package io.janklab.workloads.cli.plan;

import io.janklab.workloads.input.BadInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One side of a comparison as the user gave it: `kernel=6.12,nativeHeap.decayMs=10000,purger=background-thread`.
///
/// @param values by key, in the order given: `kernel`, `device`, `scenario`, `name` (what the side is to be called), or what `--set` takes
public record Side(Map<String, String> values) {
    static final String KERNEL = "kernel";
    public static final String DEVICE = "device";
    public static final String SCENARIO = "scenario";
    public static final String NAME = "name";
    private static final List<String> OWN = List.of(KERNEL, DEVICE, SCENARIO, NAME);
    /// A comma separates two settings if a key and its equals sign come next: values may hold commas themselves.
    private static final String BETWEEN = ",(?=[A-Za-z][\\w.-]*=)";

    public Side {
        values = new LinkedHashMap<>(values);
    }

    /// The value of a key that it has.
    public String value(String key) {
        return Objects.requireNonNull(values.get(key));
    }

    /// @param option the option that contains it, for error messages
    /// @throws BadInput if the text is not a list of `KEY=VALUE`
    public static Side parse(String option, String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String each : text.split(BETWEEN)) {
            int equals = each.indexOf('=');
            if (equals <= 0 || equals == each.length() - 1) {
                throw new BadInput(option + " takes KEY=VALUE,KEY=VALUE… such as kernel=6.12,heap.decayMs=10000, unlike '" + each + "'.");
            }
            String key = each.substring(0, equals);
            if (values.put(key, each.substring(equals + 1)) != null) {
                throw new BadInput(option + ": '" + key + "' is given twice.");
            }
        }
        return new Side(values);
    }

    public static Side ofKernel(String version) {
        return new Side(Map.of(KERNEL, version));
    }

    /// The same with more keys.
    public Side with(Map<String, String> more) {
        Map<String, String> both = new LinkedHashMap<>(values);
        both.putAll(more);
        return new Side(both);
    }

    /// The changes, as `--set` makes them.
    public Map<String, String> changes() {
        Map<String, String> changes = new LinkedHashMap<>(values);
        changes.keySet().removeAll(OWN);
        return changes;
    }
}
