package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostRefusal;
import java.util.function.ToIntFunction;

/// What needs the Linux under the JVM: done there, or a sentence about why it cannot be.
final class OnThisHost {
    private OnThisHost() {}

    /// @param work gives the exit code
    static int run(Output output, ToIntFunction<HostKernel> work) {
        HostKernel host = HostKernel.current();
        if (host.obstacle() != null) {
            output.printObstacle(host.obstacle());
            return ExitCode.OK;
        }
        try {
            return work.applyAsInt(host);
        } catch (HostRefusal refusal) {
            output.printObstacle(refusal.getMessage());
            return ExitCode.OK;
        }
    }
}
