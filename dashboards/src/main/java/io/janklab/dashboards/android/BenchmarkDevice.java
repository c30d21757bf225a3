package io.janklab.dashboards.android;

/// The simulated device, as far as Macrobenchmark speaks of one.
public record BenchmarkDevice(String name, int cpuCores, long memoryBytes) {}
