package io.janklab.kernel.mm.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.ReadAttempt;
import io.janklab.kernel.mm.AddressSpaceCase;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which walks may begin under which locks (Linux `process_mm_walk_lock`, `process_vma_walk_lock`).
class WalkLockTest extends AddressSpaceCase {
    private static Set<WalkLock> held(Task task, Vma vma) {
        EnumSet<WalkLock> held = EnumSet.allOf(WalkLock.class);
        held.removeIf(lock -> !lock.isHeld(task, vma));
        return held;
    }

    @Test
    void aWalkIsHeldToTheLockItDeclares() {
        withHeap(KernelVersion.V6_17, 1, 1, (machine, task) -> {
            Vma vma = machine.mm.vmas().lookup(HEAP);
            assertThat(held(task, vma)).isEmpty();
            machine.mm.mmapLock().downRead(task);
            assertThat(held(task, vma)).containsExactly(WalkLock.READ);
            machine.mm.mmapLock().upRead(task);
            assertThat(vma.startRead(task, machine.mm.lockSequence())).isEqualTo(ReadAttempt.LOCKED);
            assertThat(held(task, vma)).containsExactly(WalkLock.VMA_READ_VERIFY);
            machine.mm.endRead(task, vma);
            machine.mm.writeLock(task);
            assertThat(held(task, vma)).containsExactly(WalkLock.READ, WalkLock.WRITE);
            machine.mm.startWrite(task, vma);
            assertThat(held(task, vma)).containsExactly(WalkLock.READ, WalkLock.WRITE, WalkLock.WRITE_VERIFY);
            machine.mm.writeUnlock(task);
        });
    }

    @Test
    void aWalkThatWritesLocksItsVmaItself() {
        withHeap(KernelVersion.V6_17, 1, 1, (machine, task) -> {
            Vma vma = machine.mm.vmas().lookup(HEAP);
            machine.mm.writeLock(task);
            WalkLock.WRITE.enter(task, vma);
            assertThat(vma.isWriteLocked()).isTrue();
            machine.mm.writeUnlock(task);
        });
    }

    @Test
    void aWalkWithoutItsLockIsAKernelBug() {
        withHeap(KernelVersion.V6_17, 1, 1, (machine, task) -> {
            Vma vma = machine.mm.vmas().lookup(HEAP);
            assertThatThrownBy(() -> PageWalk.range(task, WalkLock.VMA_READ_VERIFY, vma, HEAP, page(1), PageWalk.HugeVisitor.NONE,
                    (walker, table, first, last) -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("VMA_READ_VERIFY declared");
        });
    }
}
