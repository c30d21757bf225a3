package io.janklab.workloads.device;

/// The device's swap.
///
/// @param bytes of pages it takes; 0 for no swap
/// @param ratio how many times smaller it makes a page
public record ZramSpec(long bytes, double ratio) {}
