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
        machine.spawn("main", task -> {
            program.accept(task);
            HeapValidator.check(heap);
        });
        machine.run(Long.MAX_VALUE - 1);
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
            mallctl.write(task, "arena.0.dirty_decay_ms", -1);
            assertThatIllegalArgumentException().isThrownBy(() -> mallctl.write(task, "arena.0.dirty_decay_ms", -2));
            assertThatIllegalArgumentException().isThrownBy(() -> mallctl.read(task, "thread.nothing"));
        });
    }

    /// Nothing of what was freed just now is due; what was freed a decay time ago is.
    @Test
    void decayPurgesWhatIsDueAlone() {
        run(task -> {
            mallctl.write(task, "arena.0.dirty_decay_ms", 1_000);
            heap.free(task, heap.malloc(task, 1 << 20));
            mallctl.run(task, "arena.0.decay");
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isPositive();
            for (int seconds = 2; seconds <= 4; seconds += 2) {
                task.sleepUntil(seconds * 1_000_000_000L);
                mallctl.run(task, "arena.0.decay");
            }
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isZero();
        });
    }

    /// jemalloc has it from its beginning on.
    @Test
    void firstArenaTakesItsDecayTimeBeforeAnythingIsAllocated() {
        run(task -> {
            mallctl.write(task, "arena.0.dirty_decay_ms", 700);
            assertThat(heap.stats().get("stats.arenas.0.dirty_decay_ms")).isEqualTo(700);
        });
    }

    @Test
    void countsOfANewHeapAreZero() {
        for (String name : new String[] {"stats.allocated", "stats.active", "stats.retained", "stats.zero_reallocs"}) {
            assertThat(heap.stats().get(name)).as(name).isZero();
        }
    }
}
