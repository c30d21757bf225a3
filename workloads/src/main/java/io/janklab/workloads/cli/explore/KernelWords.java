package io.janklab.workloads.cli.explore;

import io.janklab.explore.ExploreSpec;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.sweep.DefaultKernels;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;

/// The options that chose the kernels of an exploration, to be written again into a command.
///
/// @param versions each kernel as it was requested
/// @param changes `--set` and `--without`, each with a blank before it
record KernelWords(Map<KernelProfile, String> versions, String changes) {
    KernelWords {
        versions = Collections.unmodifiableMap(new IdentityHashMap<>(versions));
    }

    /// The options that choose the kernel of `spec`, each with a blank before it.
    String optionsFor(ExploreSpec spec) {
        String version = Objects.requireNonNull(versions.get(spec.kernel()));
        String kernel = version.equals(DefaultKernels.ONE) ? "" : " --kernel " + version;
        String architecture = spec.architecture() == Architecture.ARM64 ? "" : " --arch " + ExploredKernels.label(spec.architecture());
        return kernel + architecture + changes;
    }
}
