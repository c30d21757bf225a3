package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.map.MapQuestion;
import java.util.List;

/// `janklab map`, read, checked and ready to run.
///
/// @param kernels the two that are compared
/// @param base what no axis varies
/// @param question in the words of the options, for a map that is resumed
/// @param command draws the map again
record MapPlan(MapGrid grid, List<String> kernels, Side base, MapQuestion question, String command) {
    MapPlan {
        kernels = List.copyOf(kernels);
    }
}
