/// `result.json`: the experiment for machines.
///
/// Invariant: every number comes from the [io.janklab.dashboards.compare.Experiment]; its field keeps its name, its place and its unit.
@NullMarked
package io.janklab.dashboards.report.json;

import org.jspecify.annotations.NullMarked;
