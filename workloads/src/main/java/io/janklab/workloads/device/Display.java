package io.janklab.workloads.device;

/// The screen and how far ahead of it everybody works; times in ns.
///
/// @param periodNs one refresh
/// @param appDurationNs from an app's wake-up to its deadline
/// @param sfDurationNs from SurfaceFlinger's wake-up to the frame's presentation
/// @param buffers how many buffers the app and SurfaceFlinger share
public record Display(long periodNs, long appDurationNs, long sfDurationNs, int buffers) {}
