/// Tables and findings for the terminal, and the wording of numbers that every report shares.
///
/// Invariant: every number comes from the [io.janklab.dashboards.compare.Experiment]; colour is added last and only where asked for.
@NullMarked
package io.janklab.dashboards.report.text;

import org.jspecify.annotations.NullMarked;
