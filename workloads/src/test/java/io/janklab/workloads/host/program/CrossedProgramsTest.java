package io.janklab.workloads.host.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.program.Operation;
import io.janklab.workloads.host.space.SimulatedAddressSpace;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostProperty;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CrossedProgramsTest {
    private static final List<SyscallProgram> ALL = CrossedPrograms.all(KnownDifferences.documented());
    /// Of the programs one in so many, for the sake of time; a prime, so that each mapping meets other calls.
    private static final int EVERY = 127;

    static List<String> kernels() {
        return KernelProfile.labels();
    }

    /// What the simulator has not thought of would end in an exception.
    @ParameterizedTest
    @MethodSource("kernels")
    void everyKernelAnswersEveryKindOfCall(String kernel) {
        SimulatedAddressSpace space =
                new SimulatedAddressSpace(Architecture.ARM64, KernelProfile.byLabel(kernel, Architecture.ARM64), HostProperties.UNKNOWN);
        for (int i = 0; i < ALL.size(); i += EVERY) {
            SyscallProgram program = ALL.get(i);
            space.clear();
            for (int step = 0; step < program.size(); step++) {
                assertThat(space.call(program.calls().get(step), step)).as(program.text()).isNotNull();
            }
            assertThat(space.snapshot()).isNotNull();
        }
    }

    /// Whether there are any to map or not, and whatever the pool has.
    @Test
    void memoryOfHugetlbIsAmongThemUnlessTheHostHasNoPageToSpare() {
        HostProperties spare = new HostProperties(List.of(HostProperty.told(HostProperties.HUGE_PAGES, "2", "2")));
        SimulatedAddressSpace space = new SimulatedAddressSpace(
                Architecture.X86_64, KernelProfile.byLabel("6.17", Architecture.X86_64), spare);
        List<SyscallProgram> huge = ALL.stream().filter(program -> program.text().contains("hugetlb")).toList();
        assertThat(huge).hasSizeGreaterThan(900);
        assertThat(space.call(huge.getFirst().calls().getFirst(), 0)).isEqualTo("@0");
        KnownDifferences none = KnownDifferences.documented().and(List.of("mmap hugetlb: this host has no huge pages to spare."));
        assertThat(CrossedPrograms.all(none)).hasSize(ALL.size() - huge.size());
    }

    @Test
    void everyCallOnMemoryIsAmongThem() {
        Set<Operation> crossed = ALL.stream().flatMap(program -> program.calls().stream()).map(call -> call.operation())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(crossed).containsExactlyInAnyOrder(
                Operation.MMAP, Operation.MMAP_FILE, Operation.MUNMAP, Operation.MPROTECT, Operation.MADVISE, Operation.PROCESS_MADVISE,
                Operation.MREMAP, Operation.MLOCK, Operation.MLOCK2, Operation.MLOCKALL, Operation.MUNLOCK, Operation.MUNLOCKALL,
                Operation.MINCORE, Operation.MSEAL, Operation.SET_ANON_NAME,
                Operation.UFFD_REGISTER, Operation.UFFD_UNREGISTER, Operation.UFFD_COPY, Operation.UFFD_ZEROPAGE, Operation.UFFD_MOVE,
                Operation.UFFD_WRITEPROTECT, Operation.UFFD_POISON, Operation.UFFD_CONTINUE, Operation.READ, Operation.WRITE,
                Operation.FORK_KEEP);
        assertThat(ALL).hasSizeGreaterThan(50_000);
    }
}
