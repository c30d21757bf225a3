package io.janklab.kernel.mm.binder;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
final class BinderAllocTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long BYTES = 64 * PAGE;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final LockLog locks = new LockLog();

    private Machine boot(String lock) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64).with(Switch.BINDER_INSTALL_LOCK, lock);
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        machine.attach(locks);
        return machine;
    }

    /// A sender's transactions to the process of `machine`.
    private void send(Machine machine, BiConsumer<Task, BinderAlloc> sender) {
        machine.run(receiver -> {
            BinderAlloc buffers = Objects.requireNonNull(machine.process.addressSpace().openBinder(receiver, BYTES));
            receiver.settle();
            locks.clear();
            Process other = machine.kernel.createProcess("sender");
            other.spawn("sender", TaskAttributes.normal(0), task -> sender.accept(task, buffers));
            receiver.sleepUntil(receiver.now() + 1_000_000_000);
        });
    }

    private List<String> locksOfThreePages(String lock) {
        send(boot(lock), (task, buffers) -> assertThat(buffers.receive(task, 3 * PAGE)).isPositive());
        return locks.taken();
    }

    @Test
    void before68OneWriteHoldOfTheReceiversMmapLockCoversAllMissingPages() {
        assertThat(locksOfThreePages("mmap-range")).containsExactly("mmap_lock write");
    }

    @Test
    void since68EachPageIsInstalledUnderMmapLockForWriting() {
        assertThat(locksOfThreePages("mmap-page")).containsExactly("mmap_lock write", "mmap_lock write", "mmap_lock write");
    }

    @Test
    void since614PagesAreInstalledUnderTheVmaLock() {
        assertThat(locksOfThreePages("vma")).containsExactly("vma_lock read", "vma_lock read", "vma_lock read");
    }

    @Test
    void kernelsInstallAsTheirSourcesDo() {
        assertThat(installLock(KernelVersion.V6_6)).isEqualTo("mmap-range");
        assertThat(installLock(KernelVersion.V6_12)).isEqualTo("mmap-page");
        assertThat(installLock(KernelVersion.V6_14)).isEqualTo("vma");
    }

    private static String installLock(KernelVersion version) {
        return KernelProfile.of(version, Architecture.ARM64).value(Switch.BINDER_INSTALL_LOCK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmap-range", "mmap-page", "vma"})
    void pagesOnceInstalledServeLaterTransactionsWithoutAnyLock(String lock) {
        send(boot(lock), (task, buffers) -> {
            long first = buffers.receive(task, 2 * PAGE);
            assertThat(buffers.free(task, first)).isZero();
            locks.clear();
            assertThat(buffers.receive(task, PAGE + 100)).isEqualTo(first);
        });
        assertThat(locks.taken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmap-range", "mmap-page", "vma"})
    void transactionThatFindsNoRoomFailsAndTakesNothing(String lock) {
        Machine machine = boot(lock);
        send(machine, (task, buffers) -> {
            assertThat(buffers.receive(task, BYTES + 1)).isEqualTo(-Errno.ENOSPC);
            long most = buffers.receive(task, BYTES - 8);
            assertThat(buffers.receive(task, 9)).isEqualTo(-Errno.ENOSPC);
            assertThat(buffers.receive(task, 0)).isEqualTo(most + BYTES - 8);
            assertThat(machine.mm.filePages()).isEqualTo(BYTES / PAGE);
            assertThat(buffers.free(task, most)).isZero();
            assertThat(buffers.free(task, most)).as("freed twice").isEqualTo(-Errno.EINVAL);
            assertThat(buffers.receive(task, BYTES - 8)).isEqualTo(most);
        });
    }

    /// A reader of mmap_lock, such as one that zaps for MADV_DONTNEED before 6.17, delays whoever answers its process's Binder call.
    @ParameterizedTest
    @ValueSource(strings = {"mmap-range", "mmap-page", "vma"})
    void senderWaitsForReadersOfTheReceiversMmapLockUnlessItTakesTheVmaLock(String lock) {
        Machine machine = boot(lock);
        long held = 5_000_000;
        send(machine, (task, buffers) -> {
            machine.spawnOn(1, "reader", 0, reader -> {
                machine.mm.mmapLock().downRead(reader);
                reader.compute(held);
                reader.settle();
                machine.mm.mmapLock().upRead(reader);
            });
            task.sleepUntil(task.now() + held / 2);
            long began = task.now();
            buffers.receive(task, PAGE);
            assertThat(task.now() - began > held / 4).isEqualTo(!lock.equals("vma"));
        });
    }

    @Test
    void transactionToAProcessThatHasUnmappedItsBufferFails() {
        Machine machine = boot("vma");
        machine.run(task -> {
            BinderAlloc buffers = Objects.requireNonNull(machine.process.addressSpace().openBinder(task, BYTES));
            Vma vma = machine.mm.vmas().list().getLast();
            assertThat(machine.syscalls.munmap(task, vma.start(), BYTES)).isZero();
            assertThat(buffers.receive(task, PAGE)).isEqualTo(-Errno.ESRCH);
        });
    }

    @Test
    void childOfAForkHasNoBinder() {
        Machine machine = boot("vma");
        machine.run(task -> {
            BinderAlloc buffers = Objects.requireNonNull(machine.process.addressSpace().openBinder(task, BYTES));
            assertThat(buffers.receive(task, PAGE)).isPositive();
            assertThat(machine.mm.filePages()).isEqualTo(1);
            machine.process.fork(task, "child", (child, main) -> assertThat(child.mm().vmas().list()).isEmpty());
        });
    }

    @Test
    void receiverReadsWhatHasArrivedWithoutAFaultAndMayNotWriteIt() {
        Machine machine = boot("vma");
        machine.run(task -> {
            BinderAlloc buffers = Objects.requireNonNull(machine.process.addressSpace().openBinder(task, BYTES));
            long address = buffers.receive(task, PAGE);
            locks.clear();
            machine.syscalls.memory().read(task, address, PAGE);
            assertThat(locks.taken()).isEmpty();
            assertThat(machine.syscalls.mprotect(task, address, PAGE, Mman.PROT_RW)).isEqualTo(-Errno.EACCES);
        });
    }
}
