package io.janklab.kernel.check;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Boots machines for a test and validates every one of them when the test has ended: content as it is, and again after the process
/// has exited, when nothing may be left.
///
/// {@snippet : @RegisterExtension final KernelFixture kernel = new KernelFixture(); }
public final class KernelFixture implements AfterEachCallback {
    private static final long MEMORY = 1L << 30;

    private final List<Machine> machines = new ArrayList<>();

    /// Four cores and 1 GiB under a production kernel.
    public Machine boot(KernelVersion version, Architecture architecture) {
        return boot(KernelProfile.of(version, architecture), architecture);
    }

    /// Four arm64 cores and 1 GiB.
    public Machine boot(KernelVersion version) {
        return boot(version, Architecture.ARM64);
    }

    public Machine boot(KernelProfile profile, Architecture architecture) {
        return boot(1, Hardware.symmetric(architecture, 4, MEMORY), profile);
    }

    public Machine boot(long seed, Hardware hardware, KernelProfile profile) {
        Machine machine = new Machine(seed, hardware, profile, CostModel.defaults());
        machines.add(machine);
        return machine;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            return;
        }
        for (Machine machine : machines) {
            machine.validate();
            machine.run(machine.mm::exit);
            machine.validate();
            if (machine.memory.frames().allocated() != 0) {
                throw new KernelBug(List.of(machine.memory.frames().allocated() + " frames are leaked by a process that has exited"));
            }
        }
    }
}
