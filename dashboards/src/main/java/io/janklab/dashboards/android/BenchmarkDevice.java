package io.janklab.dashboards.android;

/// The simulated device, in Macrobenchmark's terms.
public record BenchmarkDevice(String name, int cpuCores, long memoryBytes) {}
