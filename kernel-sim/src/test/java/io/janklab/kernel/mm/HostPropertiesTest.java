package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.mm.uffd.Userfaultfd;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Uffd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Differences between machines and configurations of one kernel.
class HostPropertiesTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;
    private static final KernelProfile PROFILE = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64);

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine boot(Switch key, String value) {
        return kernel.boot(PROFILE.with(key, value), Architecture.X86_64);
    }

    @Test
    void readOfUntouchedMemoryTakesAPageWhereThereIsNoZeroPage() {
        Machine machine = boot(Switch.ZERO_PAGE, "off");
        FaultLog faults = new FaultLog();
        machine.attach(faults);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 16 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().read(task, heap, 2 * PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(2);
            machine.syscalls.memory().write(task, heap, 2 * PAGE);
        });
        assertThat(faults.kinds()).as("the write after it is no copy").containsExactly(FaultKind.ANONYMOUS, FaultKind.ANONYMOUS);
    }

    @Test
    void pageReadFirstInReadOnlyMemoryCanBeWrittenOnlyOnceThatIsAllowed() {
        Machine machine = boot(Switch.ZERO_PAGE, "off");
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, ANON);
            machine.syscalls.memory().read(task, heap, PAGE);
            assertThatThrownBy(() -> machine.syscalls.memory().write(task, heap, PAGE)).isInstanceOf(SegmentationFault.class);
            machine.syscalls.mprotect(task, heap, PAGE, PROT_RW);
            machine.syscalls.memory().write(task, heap, PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(1);
        });
    }

    @Test
    void userfaultfdFillsWithZeroedPagesWhereThereIsNoZeroPage() {
        Machine machine = boot(Switch.ZERO_PAGE, "off");
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            Userfaultfd userfaultfd = machine.process.addressSpace().userfaultfd(Uffd.UFFD_FEATURE_SIGBUS);
            assertThat(userfaultfd.register(task, heap, PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING)).isZero();
            assertThat(userfaultfd.zeropage(task, heap, PAGE, 0)).isEqualTo(PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(1);
        });
    }

    @Test
    void readOfUntouchedHugeMemoryTakesAHugePageWhereThereIsNoZeroPage() {
        Machine machine = boot(Switch.ZERO_PAGE, "off");
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 1L << 30, Addresses.PMD_SIZE, PROT_RW, ANON | MAP_FIXED);
            machine.syscalls.madvise(task, heap, Addresses.PMD_SIZE, MADV_HUGEPAGE);
            machine.syscalls.memory().read(task, heap, PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(PteTable.ENTRIES);
        });
    }

    @Test
    void memoryForExecutionAloneCannotBeReadUnderItsProtectionKey() {
        Machine machine = boot(Switch.EXECUTE_ONLY, "pkey");
        machine.run(task -> {
            long code = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, code, PAGE);
            machine.syscalls.mprotect(task, code, PAGE, PROT_EXEC);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, code, PAGE)).isInstanceOf(SegmentationFault.class);
            assertThat(machine.syscalls.mlock(task, code, PAGE)).isEqualTo(-Errno.ENOMEM);
            machine.syscalls.munlock(task, code, PAGE);
            machine.syscalls.mprotect(task, code, PAGE, PROT_READ | PROT_EXEC);
            machine.syscalls.memory().read(task, code, PAGE);
        });
    }

    @Test
    void memoryForExecutionAloneCanBeReadWithoutProtectionKeys() {
        Machine machine = kernel.boot(PROFILE, Architecture.X86_64);
        machine.run(task -> {
            long code = machine.syscalls.mmap(task, 0, PAGE, PROT_EXEC, ANON);
            assertThatCode(() -> machine.syscalls.memory().read(task, code, PAGE)).doesNotThrowAnyException();
        });
    }

    @Test
    void mergeableKeepsMappingsApartWhereTheKernelKnowsIt() {
        Machine machine = boot(Switch.KSM, "on");
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, ANON);
            assertThat(machine.syscalls.madvise(task, heap, PAGE, MADV_MERGEABLE)).isZero();
            assertThat(machine.mm.vmas().lookup(heap).end()).isEqualTo(heap + PAGE);
            assertThat(machine.syscalls.madvise(task, heap, PAGE, MADV_UNMERGEABLE)).isZero();
            assertThat(machine.mm.vmas().lookup(heap).end()).isEqualTo(heap + 4 * PAGE);
        });
    }

    @Test
    void whatIsNotConfiguredIsInvalid() {
        Machine machine = kernel.boot(PROFILE.with(Switch.ANON_VMA_NAME, SwitchValue.OFF).with(Switch.MEMORY_FAILURE, SwitchValue.OFF),
                Architecture.X86_64);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            assertThat(machine.process.addressSpace().setAnonName(task, heap, PAGE, "heap")).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, heap, PAGE, MADV_HWPOISON)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, heap, PAGE, MADV_MERGEABLE)).isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void processWithoutHugePagesCannotCollapseAny() {
        Machine machine = kernel.boot(PROFILE.with(Switch.THP, SwitchValue.ALWAYS), Architecture.X86_64);
        machine.mm.disableThp();
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 1L << 30, Addresses.PMD_SIZE, PROT_RW, ANON | MAP_FIXED);
            machine.syscalls.memory().write(task, heap, PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(1);
            assertThat(machine.syscalls.madvise(task, heap, Addresses.PMD_SIZE, MADV_COLLAPSE)).isEqualTo(-Errno.EINVAL);
        });
    }
}
