/// Grafana dashboards with their provisioning, and a Prometheus configuration with rules: resources of this module, and [Provisioning] to
/// write them where those programs look.
///
/// Invariant: they ask for meters of `METRICS.md` only, by its tags.
@NullMarked
package io.janklab.dashboards.grafana;

import org.jspecify.annotations.NullMarked;
