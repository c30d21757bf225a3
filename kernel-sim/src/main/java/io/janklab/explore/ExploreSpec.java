package io.janklab.explore;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;

/// An exploration's litmus and kernel.
public record ExploreSpec(Litmus litmus, KernelProfile kernel, Architecture architecture) {}
