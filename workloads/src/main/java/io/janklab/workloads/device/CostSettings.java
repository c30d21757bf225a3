package io.janklab.workloads.device;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Interruptions;
import io.janklab.kernel.config.Spread;
import io.janklab.workloads.input.Settings;
import java.util.stream.Stream;

/// The `costs` section of a device file: ns each, `irq: 700`; of a cost that varies its spread, `ipi.delivery: 900, 1000, 1200, 2000, 4000,
/// 9000`; and how often cores are interrupted by what is not simulated, `interruptions.perSecond: 250` and `interruptions.ns:` a spread.
final class CostSettings {
    private static final long MOST_NS = 1_000_000_000;
    private static final String PER_SECOND = "costs.interruptions.perSecond";
    private static final String LASTING = "costs.interruptions.ns";

    private CostSettings() {}

    static CostModel read(Settings settings) {
        CostModel model = CostModel.defaults();
        for (Cost cost : Cost.values()) {
            String key = "costs." + cost.key();
            if (settings.has(key)) {
                boolean varies = cost.mayVary() && settings.text(key).contains(",");
                model = varies ? model.with(cost, spread(settings, key)) : model.with(cost, settings.integer(key, 0, MOST_NS));
            }
        }
        return settings.has(PER_SECOND) ? model.with(new Interruptions(settings.number(PER_SECOND, 0, 100_000),
                spread(settings, LASTING))) : model;
    }

    private static Spread spread(Settings settings, String key) {
        String text = settings.text(key);
        try {
            return new Spread(Stream.of(text.split("\\s*,\\s*")).mapToLong(Long::parseLong).toArray());
        } catch (IllegalArgumentException e) {
            settings.require(false, key, "is " + Spread.parts().length + " ascending whole numbers");
            return new Spread(new long[Spread.parts().length]);
        }
    }
}
