package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Machine;
import io.janklab.kernel.cpu.Task;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MallctlTest {
    private final Machine machine = new Machine(1, 1);
    private final ArenaHeap heap = new ArenaHeap(machine.syscalls(), 1, HeapOptions.parse("narenas:1,dirty_decay_ms:-1"),
            HeapCosts.free(), 1);
    private final Mallctl mallctl = heap.mallctl();

    private void run(Consumer<Task> program) {
        boolean[] done = new boolean[1];
        machine.spawn("main", task -> {
            program.accept(task);
            HeapValidator.check(heap);
            done[0] = true;
        });
        machine.run(1_000_000_000L);
        assertThat(done[0]).isTrue();
    }

    @Test
    void purgeGivesBackWhatNeverDecays() {
        run(task -> {
            heap.free(task, heap.malloc(task, 1 << 20));
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isPositive();
            mallctl.run(task, "arena.0.decay");
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isPositive();
            mallctl.run(task, "arena.0.purge");
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isZero();
        });
    }

    @Test
    void decayTimeOfZeroPurgesAtOnce() {
        run(task -> {
            heap.free(task, heap.malloc(task, 1 << 20));
            mallctl.write(task, "arena.4096.dirty_decay_ms", 0);
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isZero();
            assertThat(heap.stats().get("stats.arenas.0.dirty_decay_ms")).isZero();
        });
    }

    @Test
    void flushEmptiesTheThreadsCache() {
        run(task -> {
            heap.free(task, heap.malloc(task, 100));
            assertThat(heap.stats().get("stats.arenas.0.tcache_bytes")).isPositive();
            mallctl.run(task, "thread.tcache.flush");
            assertThat(heap.stats().get("stats.arenas.0.tcache_bytes")).isZero();
        });
    }

    @Test
    void threadsCountWhatTheyAllocate() {
        run(task -> {
            long block = heap.malloc(task, 100);
            heap.malloc(task, 1000);
            heap.free(task, block);
            assertThat(mallctl.read(task, "thread.allocated")).isEqualTo(112 + 1024);
            assertThat(mallctl.read(task, "thread.deallocated")).isEqualTo(112);
            assertThat(mallctl.read(task, "thread.arena")).isZero();
        });
    }

    @Test
    void unknownNamesAndBadValuesAreRefused() {
        run(task -> {
            for (String name : new String[] {"arena.0.reset", "arena.9.purge", "arena.purge", "thread.tcache", "x"}) {
                assertThatIllegalArgumentException().as(name).isThrownBy(() -> mallctl.run(task, name));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> mallctl.write(task, "arena.0.dirty_decay_ms", -2));
            assertThatIllegalArgumentException().isThrownBy(() -> mallctl.read(task, "thread.nothing"));
        });
    }
}
