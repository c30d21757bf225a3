/// Scenarios: what an app does, how often and at what cost, each as a commented YAML file over the defaults in `reference.yaml`.
///
/// Invariant: a scenario is data, the same for every kernel; its runs draw from streams named after its keys.
@NullMarked
package io.janklab.workloads.scenario;

import org.jspecify.annotations.NullMarked;
