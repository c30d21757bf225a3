package io.janklab.workloads.device;

/// What an app's frame takes on this device beside a Pixel 6, for which scenarios are written: slower phones are given simpler frames
/// (fewer pixels, no blur, smaller images), and their GPUs are another matter than their cores.
///
/// @param cpuWork of the frame's stages on the CPU, before the cores' capacity
/// @param gpuTime of the GPU's, which the cores' capacity does not change
public record FrameScale(double cpuWork, double gpuTime) {
    /// A Pixel 6's.
    public static final FrameScale ONE = new FrameScale(1, 1);
}
