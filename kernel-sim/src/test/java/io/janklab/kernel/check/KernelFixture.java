package io.janklab.kernel.check;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Validates every kernel of a test when the test has ended: as it is, and again after its processes have exited, when nothing may be
/// left.
///
/// `@RegisterExtension final KernelFixture kernel = new KernelFixture();`
public final class KernelFixture implements AfterEachCallback {
    private static final long MEMORY = 1L << 30;
    /// Time for every exit, and for RCU to drain.
    private static final long EXIT_NS = 60_000_000_000L;

    private final List<Kernel> kernels = new ArrayList<>();

    /// Four arm64 cores and 1 GiB under a production kernel.
    public Machine boot(KernelVersion version) {
        return boot(version, Architecture.ARM64);
    }

    /// Four cores and 1 GiB under a production kernel.
    public Machine boot(KernelVersion version, Architecture architecture) {
        return boot(KernelProfile.of(version, architecture), architecture);
    }

    public Machine boot(KernelProfile profile, Architecture architecture) {
        return boot(1, Hardware.symmetric(architecture, 4, MEMORY), profile);
    }

    public Machine boot(long seed, Hardware hardware, KernelProfile profile) {
        return new Machine(watch(new Kernel(new Simulation(seed), hardware, profile, CostModel.defaults())));
    }

    /// A machine with other costs.
    public Machine boot(KernelProfile profile, Architecture architecture, CostModel costs) {
        return new Machine(watch(new Kernel(new Simulation(1), Hardware.symmetric(architecture, 4, MEMORY), profile, costs)));
    }

    /// Validates a kernel that the test made itself. Its tasks must have ended, or sleep outside of the kernel, by the test's end.
    public Kernel watch(Kernel kernel) {
        kernels.add(kernel);
        return kernel;
    }

    /// A machine on which a rule will be broken on purpose: it is not validated afterwards.
    public static Machine bootToBreak(KernelProfile profile, Architecture architecture) {
        return new Machine(new Kernel(new Simulation(1), Hardware.symmetric(architecture, 4, MEMORY), profile, CostModel.defaults()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            kernels.forEach(KernelFixture::validate);
        }
    }

    private static void validate(Kernel kernel) {
        KernelValidator validator = new KernelValidator(kernel.memory(), kernel.scheduler());
        validator.check();
        for (Process process : kernel.processes()) {
            process.spawn("exit", TaskAttributes.normal(0), process.addressSpace()::exit);
        }
        kernel.run(kernel.simulation().now() + EXIT_NS);
        kernel.memory().batches().drainAll();
        kernel.memory().pageCache().drop();
        kernel.memory().swap().dropUnused();
        kernel.memory().hugetlb().pool().resize(0);
        validator.check();
        if (kernel.memory().frames().allocated() != 0) {
            throw new KernelBug(List.of(kernel.memory().frames().allocated() + " frames are leaked by processes that have exited"));
        }
    }
}
