package io.janklab.allocator.art;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.FlatSyscalls.Advice;
import io.janklab.allocator.Machine;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// `gc/space/large_object_space.cc`, `FreeListSpace`.
final class LargeObjectSpaceTest {
    private static final long KIB = 1 << 10;
    private static final Lifetimes NOTHING_SURVIVES = new Lifetimes(1, 0, 0);

    private final Machine machine = new Machine(1, 1);
    private final LargeObjectSpace space = new LargeObjectSpace(machine.syscalls(), 1024 * KIB);

    private void run(Consumer<Task> body) {
        machine.spawn("main", task -> {
            space.start(task);
            body.accept(task);
        });
        machine.run(1_000_000_000);
    }

    @Test
    void everyDeadObjectGoesBackByACallOfItsOwn() {
        run(task -> {
            long first = space.allocate(task, 13 * KIB);
            long second = space.allocate(task, 20 * KIB);
            space.mark(NOTHING_SURVIVES);
            assertThat(space.sweep(task)).isEqualTo(36 * KIB);
            assertThat(machine.syscalls().advices()).containsExactly(
                    new Advice(first, 16 * KIB, Mman.MADV_DONTNEED), new Advice(second, 20 * KIB, Mman.MADV_DONTNEED));
        });
    }

    @Test
    void smallestFreeBlockThatFitsIsTakenAndNeighboursAreJoined() {
        run(task -> {
            long a = space.allocate(task, 16 * KIB);
            long b = space.allocate(task, 32 * KIB);
            space.mark(NOTHING_SURVIVES);
            long c = space.allocate(task, 16 * KIB);
            space.sweep(task);
            assertThat(c).isEqualTo(b + 32 * KIB);
            assertThat(space.allocate(task, 48 * KIB)).as("both are one block now").isEqualTo(a);
            assertThat(space.allocatedBytes()).isEqualTo(64 * KIB);
        });
    }

    @Test
    void survivorDiesInTheNextCollection() {
        run(task -> {
            space.allocate(task, 16 * KIB);
            space.allocate(task, 16 * KIB);
            space.mark(new Lifetimes(1, 0, 0.5));
            assertThat(space.sweep(task)).isEqualTo(16 * KIB);
            space.mark(new Lifetimes(1, 0, 0.5));
            assertThat(space.sweep(task)).isEqualTo(16 * KIB);
            assertThat(space.allocatedBytes()).isZero();
        });
    }

    @Test
    void fullSpaceAnswersZero() {
        run(task -> {
            assertThat(space.allocate(task, 1024 * KIB)).isNotZero();
            assertThat(space.allocate(task, 12 * KIB)).isZero();
        });
    }

    @Test
    void objectsNeverOverlap() {
        run(task -> {
            for (int i = 0; i < 500; i++) {
                space.allocate(task, (12 + i * 37 % 90) * KIB);
                if (i % 5 == 0) {
                    space.mark(NOTHING_SURVIVES);
                    space.sweep(task);
                }
            }
            List<Advice> advices = machine.syscalls().advices();
            assertThat(advices).isNotEmpty();
            assertThat(space.allocatedBytes()).isLessThanOrEqualTo(1024 * KIB);
        });
    }
}
