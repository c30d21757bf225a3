package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.uapi.Uffd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// SIGKILL: which waits it ends, and how killed tasks are cleaned up.
class KillTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long MS = 1_000_000;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    /// Runs `victim` beside a task that holds mmap_lock for writing from the start to 10 ms, kills it at 5 ms.
    ///
    /// @return its state at 6 ms
    private TaskState killedWhileMmapLockIsHeld(Machine machine, Consumer<Task> victim) {
        machine.spawn("holder", 0, task -> {
            machine.mm.writeLock(task);
            task.sleepUntil(10 * MS);
            machine.mm.writeUnlock(task);
        });
        return killedAt5Ms(machine, machine.spawn("victim", 0, task -> {
            task.sleepUntil(MS);
            victim.accept(task);
        }));
    }

    private static TaskState killedAt5Ms(Machine machine, Task victim) {
        List<TaskState> states = new ArrayList<>();
        machine.kernel.createProcess("killer").spawn("killer", TaskAttributes.normal(0), task -> {
            task.sleepUntil(5 * MS);
            victim.kill(task);
            task.sleepUntil(6 * MS);
            states.add(victim.state());
        });
        machine.run();
        return states.getFirst();
    }

    @Test
    void writersOfTheAddressSpaceDoNotWaitForMmapLockOnceKilled() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        assertThat(killedWhileMmapLockIsHeld(machine, task -> machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON)))
                .isEqualTo(TaskState.DEAD);
        assertThat(machine.mm.vmas().list()).isEmpty();
    }

    @Test
    void forkDoesNotWaitForMmapLockOnceKilled() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        assertThat(killedWhileMmapLockIsHeld(machine, task -> machine.process.fork(task, "child", (child, self) -> {})))
                .isEqualTo(TaskState.DEAD);
    }

    @Test
    void faultsDoNotWaitForMmapLockOnceKilled() {
        Machine machine = kernel.boot(KernelVersion.V6_1);
        assertThat(killedWhileMmapLockIsHeld(machine, task -> machine.syscalls.memory().read(task, PAGE * 100, 1)))
                .isEqualTo(TaskState.DEAD);
    }

    @Test
    void madviseUnderTheReadLockWaitsThoughKilled() {
        Machine machine = kernel.boot(KernelVersion.V6_12);
        TaskState state = killedWhileMmapLockIsHeld(machine, task -> machine.syscalls.madvise(task, PAGE * 100, PAGE, MADV_DONTNEED));
        assertThat(state).isEqualTo(TaskState.UNINTERRUPTIBLE);
    }

    @Test
    void readersOfProcMapsDoNotWaitForMmapLockOnceKilled() {
        Machine machine = kernel.boot(KernelVersion.V6_12);
        TaskState state = killedWhileMmapLockIsHeld(machine,
                task -> machine.syscalls.openMaps(task, machine.process.tgid()).read(task));
        assertThat(state).isEqualTo(TaskState.DEAD);
    }

    @ParameterizedTest
    @CsvSource({"V6_17, UNINTERRUPTIBLE", "V6_19, DEAD"})
    void forkWaitsForTheReadersOfAVmaThoughKilledBefore619(KernelVersion version, TaskState expected) {
        Machine machine = kernel.boot(version);
        machine.spawn("reader", 0, task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            Vma vma = machine.mm.lockVmaUnderRcu(task, heap);
            task.sleepUntil(10 * MS);
            machine.mm.endRead(task, vma);
        });
        TaskState state = killedAt5Ms(machine, machine.spawn("victim", 0, task -> {
            task.sleepUntil(MS);
            machine.process.fork(task, "child", (child, self) -> {});
        }));
        assertThat(state).isEqualTo(expected);
    }

    @Test
    void sleeperInAUserfaultEndsWhenKilled() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        TaskState state = killedAt5Ms(machine, machine.spawn("victim", 0, task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            machine.syscalls.userfaultfd(task, 0).register(task, heap, PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING);
            machine.syscalls.memory().read(task, heap, 1);
        }));
        assertThat(state).isEqualTo(TaskState.DEAD);
    }

    @Test
    void lastThreadOfAKilledProcessGivesItsMemoryBack() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        Process victim = machine.kernel.createProcess("victim");
        List<Task> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(victim.spawn("thread", TaskAttributes.normal(0), task -> {
                long heap = victim.syscalls().mmap(task, 0, 100 * PAGE, PROT_RW, ANON);
                victim.syscalls().memory().write(task, heap, 100 * PAGE);
                task.sleepUntil(1_000 * MS);
            }));
        }
        machine.run(task -> {
            task.sleepUntil(5 * MS);
            assertThat(victim.mm().residentPages()).isEqualTo(300);
            victim.kill(task);
            task.sleepUntil(10 * MS);
            assertThat(victim.mm().residentPages()).isZero();
        });
        assertThat(threads).allMatch(thread -> thread.state() == TaskState.DEAD);
    }
}
