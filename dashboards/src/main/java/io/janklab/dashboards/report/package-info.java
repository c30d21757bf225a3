/// What people and machines read: `result.json`, one self-contained HTML page, tables for the terminal.
///
/// Invariant: every number comes from the [io.janklab.dashboards.compare.Experiment]; a file appears whole or not at all; every text that
/// reaches HTML is escaped.
package io.janklab.dashboards.report;
