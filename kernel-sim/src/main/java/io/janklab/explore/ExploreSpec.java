package io.janklab.explore;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;

/// What is explored, on which kernel.
public record ExploreSpec(Litmus litmus, KernelProfile kernel, Architecture architecture) {}
