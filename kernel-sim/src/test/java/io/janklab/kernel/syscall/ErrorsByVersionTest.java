package io.janklab.kernel.syscall;

import static io.janklab.kernel.uapi.Errno.*;
import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.UFFDIO_REGISTER_MODE_WP;
import static io.janklab.kernel.uapi.Uffd.UFFDIO_WRITEPROTECT_MODE_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Capability;
import java.util.Objects;
import java.util.function.ToLongBiFunction;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Calls whose errors changed from one version to the next: each on the last kernel before the change and the first after it.
class ErrorsByVersionTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long AT = 0x1000_0000_0000L;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private long on(String label, ToLongBiFunction<Machine, Task> call) {
        KernelProfile profile = Objects.requireNonNull(KernelProfile.byLabel(label, Architecture.ARM64), label);
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        long[] result = new long[1];
        machine.run(task -> {
            assertThat(machine.syscalls.mmap(task, AT, 8 * PAGE, PROT_RW, ANON | MAP_FIXED)).isEqualTo(AT);
            machine.syscalls.memory().write(task, AT, 8 * PAGE);
            result[0] = call.applyAsLong(machine, task);
        });
        return result[0];
    }

    private static long file(Machine machine, Task task, int protection, int flags) {
        VirtualFile file = machine.memory.pageCache().create("base.apk", 8);
        return machine.syscalls.mmap(task, 0, 8 * PAGE, protection, flags, file, 0);
    }

    @ParameterizedTest
    @CsvSource({
        // 5.14, 5.18, 6.1
        "android12-5.10, 22, -22", "android13-5.15, 22, 0", "android12-5.10, 23, -22", "android13-5.15, 23, 0",
        "android13-5.15, 24, -22", "android14-6.1, 24, 0",
        "android13-5.15, 25, -22", "6.1, 25, -22",
        // 6.13
        "6.12, 102, -22", "6.14, 102, 0", "6.12, 103, -22", "6.14, 103, 0",
        "6.1, 26, -22", "7.2, 26, -22"
    })
    void anAdviceIsUnknownBeforeTheVersionThatBroughtIt(String version, int advice, long result) {
        assertThat(on(version, (machine, task) -> machine.syscalls.madvise(task, AT, PAGE, advice))).isEqualTo(result);
    }

    /// Nothing huge has room in eight pages; where the advice is unknown nothing is huge either.
    @ParameterizedTest
    @CsvSource({"android13-5.15, -22", "6.1, 0"})
    void madvCollapseCameWith61(String version, long result) {
        assertThat(on(version, (machine, task) -> {
            long heap = machine.syscalls.mmap(task, 0, 2 * Addresses.PMD_SIZE, PROT_RW, ANON);
            long base = heap + Addresses.PMD_SIZE - 1 & -Addresses.PMD_SIZE;
            machine.syscalls.memory().write(task, base, PAGE);
            return machine.syscalls.madvise(task, base, Addresses.PMD_SIZE, MADV_COLLAPSE);
        })).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"6.14, -22", "6.16.1, 0", "7.2, 0"})
    void guardRegionsInFilesCameWith615(String version, long result) {
        assertThat(on(version, (machine, task) -> machine.syscalls.madvise(task, file(machine, task, PROT_READ, MAP_PRIVATE), PAGE,
                MADV_GUARD_INSTALL))).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"6.14, -22", "6.17, -22", "7.2, -22"})
    void guardRegionsAreNeverInstalledInLockedMemory(String version, long result) {
        assertThat(on(version, (machine, task) -> {
            machine.syscalls.mlock(task, AT, 8 * PAGE);
            return machine.syscalls.madvise(task, AT, PAGE, MADV_GUARD_INSTALL);
        })).isEqualTo(result);
    }

    /// The guarded page cannot be faulted in.
    @ParameterizedTest
    @CsvSource({"6.14, -12", "7.2, -12"})
    void mlockOfAGuardRegionFails(String version, long result) {
        assertThat(on(version, (machine, task) -> {
            machine.syscalls.madvise(task, AT, PAGE, MADV_GUARD_INSTALL);
            return machine.syscalls.mlock(task, AT, 8 * PAGE);
        })).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"6.6, -38", "6.12, 0"})
    void msealCameWith610(String version, long result) {
        assertThat(on(version, (machine, task) -> machine.syscalls.mseal(task, AT, PAGE, 0))).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        // WILLNEED since 5.15, COLLAPSE since 6.1, any advice for the caller itself since 6.13
        "android12-5.10, 20, 4096", "android12-5.10, 3, -22", "android13-5.15, 3, 4096", "android13-5.15, 25, -22",
        "6.12, 4, -22", "6.14, 4, 4096", "6.12, 8, -22", "6.17, 8, 4096", "6.12, 22, -22", "6.14, 22, 4096"
    })
    void processMadviseTakesMoreAdviceFromVersionToVersion(String version, int advice, long result) {
        assertThat(on(version, (machine, task) -> {
            // Before 6.13 the caller needs it even for itself.
            machine.mm.grant(Capability.SYS_NICE);
            return machine.syscalls.processMadvise(task, machine.process.tgid(), new long[] {AT}, new long[] {PAGE}, advice, 0);
        })).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"6.12, -1", "6.14, 4096"})
    void processMadviseOfTheCallerItselfNeedsNoCapabilitySince613(String version, long result) {
        assertThat(on(version, (machine, task) -> machine.syscalls.processMadvise(task, machine.process.tgid(), new long[] {AT},
                new long[] {PAGE}, MADV_COLD, 0))).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"android12-5.10, true", "android13-5.15, false", "6.1, false"})
    void mremapLeavesOnlyPrivateAnonymousMemoryBehindBefore513(String version, boolean refused) {
        long shared = on(version, (machine, task) -> {
            long memory = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS);
            return machine.syscalls.mremap(task, memory, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
        });
        assertThat(shared == -EINVAL).isEqualTo(refused);
        assertThat(on(version, (machine, task) -> machine.syscalls.mremap(task, AT, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0)))
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({"6.16.1, -14", "6.17, 17592186175488"})
    void mremapMovesSeveralMappingsSince617(String version, long result) {
        assertThat(on(version, (machine, task) -> {
            machine.syscalls.mprotect(task, AT + 2 * PAGE, PAGE, PROT_READ);
            return machine.syscalls.mremap(task, AT, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, AT + 32 * PAGE);
        })).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"6.1, -9", "6.6, 0"})
    void sharedAnonymousMemoryCanBeNamedSince62(String version, long result) {
        assertThat(on(version, (machine, task) -> {
            long memory = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS);
            long named = machine.syscalls.setAnonName(task, memory, PAGE, "dalvik");
            assertThat(machine.mm.vmas().lookup(memory).name()).isEqualTo(named == 0 ? "[anon_shmem:dalvik]" : "/dev/zero (deleted)");
            return named;
        })).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"6.1, -2", "6.6, 0"})
    void userfaultfdProtectsSeveralMappingsAtOnceSince64(String version, long result) {
        assertThat(on(version, (machine, task) -> {
            UserfaultFd userfaultfd = machine.syscalls.userfaultfd(task, 0);
            userfaultfd.register(task, AT, 8 * PAGE, UFFDIO_REGISTER_MODE_WP);
            machine.syscalls.mprotect(task, AT + 2 * PAGE, PAGE, PROT_READ);
            assertThat(userfaultfd.writeProtect(task, AT, PAGE, UFFDIO_WRITEPROTECT_MODE_WP)).isZero();
            return userfaultfd.writeProtect(task, AT, 8 * PAGE, UFFDIO_WRITEPROTECT_MODE_WP);
        })).isEqualTo(result);
    }

    /// As on a host whose `vm.nr_hugepages` is 0.
    @ParameterizedTest
    @CsvSource({"0, -12", "21, -12", "30, -12", "16, -12", "25, -12", "12, -22", "22, -22"})
    void hugetlbHasNoPages(int shift, long result) {
        int size = shift << MAP_HUGE_SHIFT;
        assertThat(on("6.6", (machine, task) -> machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON | MAP_HUGETLB | size)))
                .isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"6.1", "7.2"})
    void hugetlbRefusesFilesLengthsOfZeroAndMisalignedPlaces(String version) {
        assertThat(on(version, (machine, task) -> file(machine, task, PROT_RW, MAP_PRIVATE | MAP_HUGETLB))).isEqualTo(-EINVAL);
        assertThat(on(version, (machine, task) -> machine.syscalls.mmap(task, 0, 0, PROT_RW, ANON | MAP_HUGETLB))).isEqualTo(-EINVAL);
        assertThat(on(version, (machine, task) -> machine.syscalls.mmap(task, AT + PAGE, PAGE, PROT_RW, ANON | MAP_FIXED | MAP_HUGETLB)))
                .isEqualTo(-EINVAL);
    }
}
