package io.janklab.workloads.host.calibrate;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Interruptions;
import io.janklab.kernel.config.Spread;
import java.util.Map;

/// The costs of the steps of a host's kernel.
///
/// @param ns of each cost that was measured; the others have their defaults
/// @param spreads of those that vary
public record HostCosts(Map<Cost, Long> ns, Map<Cost, Spread> spreads, Interruptions interruptions) {
    public CostModel model() {
        CostModel model = CostModel.defaults().with(interruptions);
        for (Map.Entry<Cost, Long> cost : ns.entrySet()) {
            model = model.with(cost.getKey(), cost.getValue());
        }
        for (Map.Entry<Cost, Spread> cost : spreads.entrySet()) {
            model = model.with(cost.getKey(), cost.getValue());
        }
        return model;
    }
}
