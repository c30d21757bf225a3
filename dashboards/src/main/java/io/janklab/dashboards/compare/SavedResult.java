package io.janklab.dashboards.compare;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of an earlier `run` or `compare`, from its `result.json`.
///
/// @param source where it was read from
/// @param headline the metric by which its scenario judges
public record SavedResult(String source, String scenario, String device, String headline, List<SeedFigures> kernels) {
    public SavedResult {
        kernels = List.copyOf(kernels);
    }

    /// The kernel of that name; null if it has none.
    public @Nullable SeedFigures kernel(String name) {
        return kernels.stream().filter(each -> each.kernel().equals(name)).findFirst().orElse(null);
    }
}
