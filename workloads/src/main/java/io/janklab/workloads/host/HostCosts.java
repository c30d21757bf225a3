package io.janklab.workloads.host;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Interruptions;
import io.janklab.kernel.config.Spread;
import java.util.Map;

/// What the steps of a host's kernel cost.
///
/// @param ns of each cost that was measured; the others have their defaults
/// @param ipiDelivery how long an interrupt is under way to another core; null if there is none
record HostCosts(Map<Cost, Long> ns, Spread ipiDelivery, Interruptions interruptions) {
    CostModel model() {
        CostModel model = CostModel.defaults().with(interruptions);
        for (Map.Entry<Cost, Long> cost : ns.entrySet()) {
            model = model.with(cost.getKey(), cost.getValue());
        }
        return ipiDelivery == null ? model : model.with(Cost.IPI_DELIVERY, ipiDelivery);
    }
}
