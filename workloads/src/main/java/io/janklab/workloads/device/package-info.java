/// Devices: cores, capacities, cpusets, display, memory and costs, each as a commented YAML file.
///
/// Invariant: a device is data; which kernel runs on it and what the app does are defined elsewhere.
@NullMarked
package io.janklab.workloads.device;

import org.jspecify.annotations.NullMarked;
