package io.janklab.workloads.host.record;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.host.conform.Conform;
import io.janklab.workloads.host.conform.Divergence;
import io.janklab.workloads.host.conform.Watchdog;
import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.host.space.ComparedSpace;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.input.BadInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Programs and their results on one host's kernel.
///
/// @param release of that kernel, as `uname -r` prints it
/// @param kind       what its random programs are made of
/// @param properties the properties of its host
record HostRecording(String release, Architecture architecture, ProgramKind kind, HostProperties properties,
        List<AnsweredProgram> programs) {
    HostRecording {
        programs = List.copyOf(programs);
    }

    /// The profile that comes nearest to its kernel.
    ///
    /// @param file for messages
    /// @throws BadInput if its release is older than every simulated kernel
    KernelProfile nearest(String file) {
        KernelProfile profile = HostKernel.findProfile(release, architecture);
        if (profile == null) {
            throw new BadInput(file + " was recorded on Linux " + release + ", which is older than every simulated kernel.");
        }
        return profile;
    }

    /// Where the simulated kernel disagrees with one of the programs, or null.
    @Nullable Divergence compare(AnsweredProgram program, ComparedSpace simulated, Watchdog watchdog) {
        return new Conform(new RecordedAddressSpace(program), simulated, watchdog).run(program.program());
    }
}
