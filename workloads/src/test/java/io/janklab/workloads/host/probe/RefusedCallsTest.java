package io.janklab.workloads.host.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.program.Call;
import io.janklab.workloads.host.space.ComparedSpace;
import io.janklab.workloads.host.space.SimulatedAddressSpace;
import io.janklab.workloads.host.space.Snapshot;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostProperty;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
final class RefusedCallsTest {
    private static SimulatedAddressSpace space() {
        KernelProfile profile = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64);
        return new SimulatedAddressSpace(Architecture.X86_64, profile, HostProperties.UNKNOWN);
    }

    /// A host that a filter of system calls keeps from some.
    private record Filtered(ComparedSpace host, Predicate<Call> refused, String errno) implements ComparedSpace {
        @Override
        public long clear() {
            return host.clear();
        }

        @Override
        public String call(Call call, int step) {
            return refused.test(call) ? errno : host.call(call, step);
        }

        @Override
        public Snapshot snapshot() {
            return host.snapshot();
        }
    }

    private static List<String> leftOut(Predicate<Call> refused, String errno) {
        return RefusedCalls.find(new Filtered(space(), refused, errno), space()).stream().map(HostProperty::leftOut).toList();
    }

    @Test
    void hostThatRefusesNothingKeepsEveryCall() {
        assertThat(leftOut(call -> false, "EPERM")).isEmpty();
    }

    @Test
    void callThatAFilterForbidsIsLeftOutOnceWithItsErrno() {
        assertThat(leftOut(call -> call.operation().word().equals("mremap"), "ENOSYS"))
                .containsExactly("mremap: this host refuses mremap (ENOSYS).");
    }

    @Test
    void adviceThatTheHostsKernelIsBuiltWithoutIsLeftOutAlone() {
        assertThat(leftOut(call -> call.toString().endsWith(" hugepage"), "EINVAL"))
                .containsExactly("madvise hugepage: this host refuses madvise hugepage (EINVAL).");
    }

    @Test
    void callThatTheSimulatedKernelRefusesTooIsNoProperty() {
        // MADV_REMOVE of private anonymous memory is EINVAL everywhere.
        assertThat(leftOut(call -> call.toString().endsWith(" remove"), "EINVAL")).isEmpty();
    }
}
