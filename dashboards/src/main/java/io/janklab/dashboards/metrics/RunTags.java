package io.janklab.dashboards.metrics;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;

/// The tags that distinguish the meters of one run from those of another.
///
/// @param run what was run: `scroll/pixel-6`
/// @param kernel its name, or that of the setting that is compared with others
public record RunTags(String run, String kernel, long seed) {
    Iterable<Tag> toTags() {
        return Tags.of("run", run, "kernel", kernel, "seed", Long.toString(seed));
    }
}
