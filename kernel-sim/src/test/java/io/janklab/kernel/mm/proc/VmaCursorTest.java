package io.janklab.kernel.mm.proc;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.sim.Simulation;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// What a reader of `/proc/PID/maps` does whose VMA changes between its lookup and its lock (Linux `lock_next_vma`, 6.17).
class VmaCursorTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long AT = 0x1000_0000_0000L;
    private static final long MS = 1_000_000;
    private static final String READER = "reader";

    private static KernelProfile kernel() {
        return KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
    }

    /// Looks a VMA up, and 2 ms later tries its lock; meanwhile, 1 ms after, the writer acts.
    private static final class Race implements TraceListener {
        private final Machine machine;
        private final BiConsumer<Machine, Task> writer;
        private int mmapLocks;
        private long seenStart;
        private long waitedUntil;

        Race(KernelProfile profile, BiConsumer<Machine, Task> writer) {
            this.machine = new Machine(new Kernel(new Simulation(1), Hardware.symmetric(Architecture.ARM64, 2, 64 << 20), profile,
                    CostModel.defaults()));
            this.writer = writer;
        }

        @Override
        public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
            mmapLocks += lock.lockClass() == LockClass.MMAP_LOCK && task.name().equals(READER) ? 1 : 0;
        }

        Race run() {
            machine.spawnOn(0, READER, 0, task -> {
                for (int i = 0; i < 2; i++) {
                    machine.syscalls.mmap(task, AT + i * PAGE, PAGE, i == 0 ? PROT_RW : PROT_READ,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
                }
                long began = task.now();
                machine.spawnOn(1, "writer", 0, other -> {
                    other.compute(began + MS - other.now());
                    writer.accept(machine, other);
                });
                machine.attach(this);
                read(task);
            });
            machine.run();
            return this;
        }

        private void read(Task task) {
            VmaCursor cursor = VmaCursor.of(machine.mm, true);
            cursor.start(task);
            // Paid between the lookup, which costs nothing, and the lock.
            task.charge(2 * MS);
            Vma vma = cursor.next(task, AT);
            seenStart = Objects.requireNonNull(vma).start();
            waitedUntil = task.now();
            cursor.stop(task);
        }
    }

    private static void unmap(Machine machine, Task task) {
        machine.syscalls.munmap(task, AT, PAGE);
    }

    @Test
    void aReaderThatFindsItsVmaDetachedLooksItUpAgainWithoutMmapLock() {
        Race race = new Race(kernel(), VmaCursorTest::unmap).run();
        assertThat(race.seenStart).as("the next one, since its own is gone").isEqualTo(AT + PAGE);
        assertThat(race.mmapLocks).isZero();
    }

    /// So the reader did look before the VMA went: without that rule it is counted in it, and only then finds it gone.
    @Test
    void withoutThatLookItIsCountedInAVmaThatIsGoneAndTakesMmapLock() {
        Race race = new Race(kernel().with(Switch.RULE_VMA_DETACHED_RECHECK, "off"), VmaCursorTest::unmap).run();
        assertThat(race.seenStart).isEqualTo(AT + PAGE);
        assertThat(race.mmapLocks).isEqualTo(1);
    }

    @Test
    void aReaderThatAWriterKeepsOutTakesMmapLockUntilItHoldsTheVma() {
        long[] released = new long[1];
        Race race = new Race(kernel(), (machine, task) -> {
            machine.mm.writeLock(task);
            machine.mm.startWrite(task, machine.mm.vmas().lookup(AT));
            task.compute(5 * MS);
            released[0] = task.now();
            machine.mm.writeUnlock(task);
        }).run();
        assertThat(race.seenStart).isEqualTo(AT);
        assertThat(race.mmapLocks).isEqualTo(1);
        assertThat(race.waitedUntil).isGreaterThanOrEqualTo(released[0]);
    }
}
