package io.janklab.kernel.check;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.sim.Simulation;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A validator that never complains is worth nothing: each kind of damage must be found.
class KernelValidatorTest {
    private static final long PAGE = Addresses.PAGE_SIZE;

    private final Machine machine = new Machine(new Kernel(
            new Simulation(1),
            Hardware.symmetric(Architecture.ARM64, 2, 1L << 30),
            KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64),
            CostModel.defaults()));
    private long heap;

    private void afterWriting(Consumer<Task> damage) {
        machine.run(task -> {
            heap = machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            machine.syscalls.memory().write(task, heap, 4 * PAGE);
            damage.accept(task);
        });
    }

    private void validate() {
        new KernelValidator(machine.memory, machine.kernel.scheduler()).check();
    }

    @Test
    void soundKernelPasses() {
        afterWriting(task -> {});
        assertThatCode(this::validate).doesNotThrowAnyException();
    }

    @Test
    void lockLeftHeldIsFound() {
        afterWriting(task -> machine.mm.mmapLock().downRead(task));
        assertThatThrownBy(this::validate).isInstanceOf(KernelBug.class).hasMessageContaining("mmap_lock is held")
                .hasMessageContaining("holds mmap_lock");
    }

    @Test
    void writeLockLeftHeldIsFound() {
        afterWriting(machine.mm::writeLock);
        assertThatThrownBy(this::validate).isInstanceOf(KernelBug.class).hasMessageContaining("mm_lock_seq is odd");
    }

    @Test
    void vmaLockLeftHeldIsFound() {
        afterWriting(task -> machine.mm.lockVmaUnderRcu(task, heap));
        assertThatThrownBy(this::validate).isInstanceOf(KernelBug.class).hasMessageContaining("is read-locked");
    }
}
