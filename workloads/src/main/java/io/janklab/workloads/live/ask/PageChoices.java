package io.janklab.workloads.live.ask;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.KeyChoice;
import io.janklab.workloads.scenario.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The choices on the comparing page, with their defaults. As maps, for JSON.
public final class PageChoices {
    private PageChoices() {}

    /// @param recordings the names of the recordings that may be replayed
    public static Map<String, Object> of(List<String> recordings) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("kernels", kernels());
        all.put("switches", Stream.of(Switch.values()).filter(each -> !each.isRule()).map(PageChoices::named).toList());
        all.put("devices", Device.CATALOGUE.names().stream().map(PageChoices::device).toList());
        all.put("scenarios", Scenario.CATALOGUE.names().stream().map(PageChoices::scenario).toList());
        all.put("recordings", recordings);
        all.put("rates", rates());
        all.put("keys", Scenario.choices(Scenario.REFERENCE).stream().map(KeyChoice::key).toList());
        return all;
    }

    private static Map<String, Object> named(Switch each) {
        return Map.of("key", each.key(), "choices", each.choices(), "meaning", each.meaning());
    }

    /// By label, for each architecture: a kernel's switches in production.
    private static Map<String, Object> kernels() {
        Map<String, Object> kernels = new LinkedHashMap<>();
        for (String label : KernelProfile.labels()) {
            Map<String, Object> each = new LinkedHashMap<>();
            for (Architecture architecture : Architecture.values()) {
                each.put(architecture.name(), Objects.requireNonNull(KernelProfile.byLabel(label, architecture)).switches());
            }
            kernels.put(label, each);
        }
        return kernels;
    }

    private static Map<String, Object> device(String name) {
        Device device = Device.find(name);
        return Map.of("name", name, "description", device.description(), "architecture", device.hardware().architecture().name());
    }

    private static Map<String, KeyChoice> keys(String scenario) {
        return Scenario.choices(scenario).stream().collect(Collectors.toMap(KeyChoice::key, Function.identity()));
    }

    private static KeyChoice choice(Map<String, KeyChoice> keys, String key) {
        return Objects.requireNonNull(keys.get(key));
    }

    private static Map<String, Object> scenario(String name) {
        Map<String, KeyChoice> keys = keys(name);
        Map<String, String> rates = new LinkedHashMap<>();
        Rate.ALL.forEach(rate -> rates.put(rate.key(), choice(keys, rate.key()).value()));
        return Map.of("name", name, "description", choice(keys, "description").value(), "durationS", choice(keys, "durationS").value(),
                "rates", rates);
    }

    private static List<Map<String, Object>> rates() {
        Map<String, KeyChoice> keys = keys(Scenario.REFERENCE);
        List<Map<String, Object>> rates = new ArrayList<>();
        for (Rate rate : Rate.ALL) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("key", rate.key());
            each.put("label", rate.label());
            each.put("unit", rate.unit());
            each.put("from", rate.from());
            each.put("to", rate.to());
            each.put("step", rate.step());
            each.put("allowed", choice(keys, rate.key()).allowed());
            each.put("meaning", choice(keys, rate.key()).meaning());
            rates.add(each);
        }
        return rates;
    }
}
