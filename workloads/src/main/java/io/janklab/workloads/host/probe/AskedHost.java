package io.janklab.workloads.host.probe;

import io.janklab.workloads.host.space.RealAddressSpace;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;

/// The host, its region open for programs and its properties known.
///
/// **Caveats.** Pins the calling thread to a core, keeps the lowest 16 MiB of the address space to itself and turns huge pages off for
/// this process, for good.
///
/// @param region where programs run
public record AskedHost(HostKernel kernel, RealAddressSpace region, HostProperties properties) {
    /// @throws io.janklab.workloads.host.sys.HostRefusal if the host refuses something that this needs
    public static AskedHost open(HostKernel kernel) {
        RealAddressSpace region = new RealAddressSpace();
        region.pinThread();
        return new AskedHost(kernel, region, new HostProbes(region, kernel.architecture(), kernel.profile()).ask());
    }
}
