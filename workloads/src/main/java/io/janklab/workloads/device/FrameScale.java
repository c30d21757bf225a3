package io.janklab.workloads.device;

/// The time of an app's frame on this device relative to a Pixel 6, for which scenarios are written: slower phones are given simpler frames
/// (fewer pixels, no blur, smaller images), and their GPUs differ otherwise than their cores.
///
/// @param cpuWork of the frame's stages on the CPU, before the cores' capacity
/// @param gpuTime of the GPU's, which the cores' capacity does not change
public record FrameScale(double cpuWork, double gpuTime) {
    /// A Pixel 6's.
    public static final FrameScale ONE = new FrameScale(1, 1);
}
