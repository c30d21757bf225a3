package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.FlatSyscalls.Advice;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.Machine;
import io.janklab.allocator.PurgePolicy;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// Which thread purges pages, when, and with which advice.
class PurgingTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MIB = 1 << 20;

    private final Machine machine = new Machine(1, 3);
    private ArenaHeap heap;

    private void run(String options, BiConsumer<ArenaHeap, Task> program) {
        run(HeapOptions.parse(options), program);
    }

    private void run(HeapOptions options, BiConsumer<ArenaHeap, Task> program) {
        heap = new ArenaHeap(machine.syscalls(), 1, options, HeapCosts.defaults(), 1);
        boolean[] done = new boolean[1];
        machine.spawn("app", task -> {
            program.accept(heap, task);
            done[0] = true;
        });
        for (int i = 0; i < heap.backgroundThreads(); i++) {
            int index = i;
            machine.spawn("background", task -> heap.runBackgroundThread(task, index));
        }
        machine.run(1000 * SECOND);
        assertThat(done[0]).as("the program ended").isTrue();
        HeapValidator.check(heap);
    }

    private List<Integer> advices() {
        return machine.syscalls().advices().stream().map(Advice::advice).toList();
    }

    @Test
    void decayTimeZeroPurgesAtOnceOneCallPerExtent() {
        run("narenas:1,tcache:false,dirty_decay_ms:0", (heap, task) -> {
            long a = heap.malloc(task, MIB);
            long b = heap.malloc(task, 64 * 1024);
            heap.free(task, a);
            heap.free(task, b);
            assertThat(machine.syscalls().advices()).hasSize(2).allMatch(advice -> advice.advice() == Mman.MADV_DONTNEED);
            assertThat(machine.syscalls().advices().getFirst().length()).as("the block and its page of padding").isEqualTo(MIB + 4096);
            assertThat(heap.stats().active()).isZero();
            assertThat(heap.stats().get("stats.arenas.0.dirty_nmadvise")).isEqualTo(2);
        });
    }

    /// Keeps a fixed number of dirty pages and drops the rest as soon as there are more; purges lazily what is larger than a page.
    private record Bounded(long pages) implements PurgePolicy {
        @Override
        public long keep(Unused unused, Moment moment) {
            return unused.muzzy() ? ALL : pages;
        }

        @Override
        public boolean givesUpLazily(Unused unused, long extentBytes) {
            return extentBytes > 4096;
        }
    }

    @Test
    void aPolicyOfOnesOwnSaysWhenHowMuchAndByWhichAdvice() {
        run(HeapOptions.parse("narenas:1,tcache:false,dirty_decay_ms:-1,muzzy_decay_ms:-1").with(() -> new Bounded(16)), (heap, task) -> {
            heap.free(task, heap.malloc(task, 32 * 1024));
            assertThat(advices()).as("9 pages").isEmpty();
            heap.free(task, heap.malloc(task, MIB));
            assertThat(advices()).containsOnly(Mman.MADV_FREE);
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isLessThanOrEqualTo(16);
            assertThat(heap.stats().get("stats.arenas.0.pmuzzy")).isPositive();
        });
    }

    /// Small extents stay, however long they are unused.
    private record LargeOnly() implements PurgePolicy {
        @Override
        public long keep(Unused unused, Moment moment) {
            return 0;
        }

        @Override
        public boolean mayPurge(Unused unused, long extentBytes) {
            return extentBytes > 64 * 1024;
        }

        @Override
        public boolean givesUpLazily(Unused unused, long extentBytes) {
            return false;
        }
    }

    @Test
    void anExtentThatAPolicySparesStaysAndTheNextOneGoes() {
        run(HeapOptions.parse("narenas:1,tcache:false,dirty_decay_ms:-1,muzzy_decay_ms:-1").with(LargeOnly::new), (heap, task) -> {
            long small = heap.malloc(task, 32 * 1024);
            long between = heap.malloc(task, 32 * 1024);
            long large = heap.malloc(task, MIB);
            heap.free(task, small);
            assertThat(advices()).isEmpty();
            heap.free(task, large);
            assertThat(machine.syscalls().advices()).hasSize(1).first().satisfies(advice -> assertThat(advice.length()).isGreaterThan(MIB));
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).as("32 KiB and its page of padding").isEqualTo(9);
            heap.purge(task);
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).as("purged when asked to").isZero();
            heap.free(task, between);
        });
    }

    @Test
    void decayTimeMinusOneNeverPurges() {
        run("narenas:1,dirty_decay_ms:-1", (heap, task) -> {
            churn(heap, task, 200, 30 * SECOND);
            assertThat(advices()).isEmpty();
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isPositive();
        });
    }

    /// Large blocks come and go for that long.
    private static void churn(ArenaHeap heap, Task task, int rounds, long time) {
        for (int i = 0; i < rounds; i++) {
            long[] blocks = new long[40];
            for (int k = 0; k < blocks.length; k++) {
                blocks[k] = heap.malloc(task, 50_000);
            }
            for (long block : blocks) {
                heap.free(task, block);
            }
            task.sleepUntil(task.now() + time / rounds);
        }
    }

    @Test
    void tickingThreadPurgesWhatHasDecayedWithoutAnyTimer() {
        run("narenas:1,dirty_decay_ms:1000", (heap, task) -> {
            heap.free(task, heap.malloc(task, 4 * MIB));
            assertThat(advices()).as("at once").isEmpty();
            task.sleepUntil(task.now() + 10 * SECOND);
            assertThat(advices()).as("while nobody ticks").isEmpty();
            for (int i = 0; i < 20; i++) {
                churn(heap, task, 100, 2 * SECOND);
            }
            assertThat(advices()).contains(Mman.MADV_DONTNEED);
        });
    }

    @Test
    void pagesPassThroughMuzzyIfItHasATime() {
        run("narenas:1,tcache:false,dirty_decay_ms:100,muzzy_decay_ms:100", (heap, task) -> {
            heap.free(task, heap.malloc(task, 4 * MIB));
            HeapStats stats = heap.stats();
            long dirty = stats.get("stats.arenas.0.pdirty");
            assertThat(dirty).isEqualTo(1025);
            purgeAfter(heap, task, SECOND);
            purgeAfter(heap, task, SECOND);
            assertThat(advices()).as("first lazily").containsExactly(Mman.MADV_FREE);
            assertThat(stats.get("stats.arenas.0.pmuzzy")).isEqualTo(dirty);
            purgeAfter(heap, task, SECOND);
            purgeAfter(heap, task, SECOND);
            assertThat(advices()).as("then for good").containsExactly(Mman.MADV_FREE, Mman.MADV_DONTNEED);
            assertThat(stats.retained()).isPositive();
            assertThat(stats.resident() - stats.metadata()).isLessThan(4096);
        });
    }

    private static void purgeAfter(ArenaHeap heap, Task task, long time) {
        task.sleepUntil(task.now() + time);
        heap.decay(task);
    }

    @Test
    void purgeSkipsMuzzy() {
        run("narenas:1,tcache:false,dirty_decay_ms:1000,muzzy_decay_ms:1000", (heap, task) -> {
            heap.free(task, heap.malloc(task, MIB));
            heap.purge(task);
            assertThat(advices()).containsExactly(Mman.MADV_DONTNEED);
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isZero();
        });
    }

    @Test
    void adviceAtEachStageIsAnOption() {
        run("narenas:1,tcache:false,dirty_decay_ms:0,purge_forced:free", (heap, task) -> {
            heap.free(task, heap.malloc(task, MIB));
            assertThat(advices()).containsExactly(Mman.MADV_FREE);
        });
    }

    @Test
    void withoutRetainAddressSpaceGoesToo() {
        run("narenas:1,tcache:false,dirty_decay_ms:0,retain:false", (heap, task) -> {
            long block = heap.malloc(task, MIB);
            assertThat(machine.syscalls().mappedBytes()).isEqualTo(MIB + 4096);
            heap.free(task, block);
            assertThat(machine.syscalls().mappedBytes()).isZero();
            assertThat(advices()).isEmpty();
        });
    }

    @Test
    void oversizeBlocksHaveAnArenaThatPurgesAtOnce() {
        run("narenas:1", (heap, task) -> {
            long block = heap.malloc(task, 9 * MIB);
            assertThat(heap.stats().get("stats.arenas.1.pactive")).isPositive();
            heap.free(task, block);
            assertThat(advices()).containsExactly(Mman.MADV_DONTNEED);
            heap.free(task, heap.malloc(task, 7 * MIB));
            assertThat(advices()).as("smaller ones wait").hasSize(1);
        });
    }

    @Test
    void largeZeroedBlocksOutOfDirtyPagesAreZeroedByTheKernel() {
        run("narenas:1,tcache:false", (heap, task) -> {
            heap.free(task, heap.malloc(task, MIB));
            heap.calloc(task, 1, MIB);
            assertThat(advices()).containsExactly(Mman.MADV_DONTNEED);
            machine.syscalls().clearAdvices();
            heap.calloc(task, 1, 4 * MIB);
            assertThat(advices()).as("fresh memory is zero").isEmpty();
        });
    }

    @Test
    void backgroundThreadPurgesWhileTheAppSleeps() {
        run("narenas:1,background_thread:true,dirty_decay_ms:1000", (heap, task) -> {
            heap.free(task, heap.malloc(task, 7 * MIB));
            assertThat(advices()).isEmpty();
            task.sleepUntil(task.now() + 60 * SECOND);
            assertThat(advices()).contains(Mman.MADV_DONTNEED);
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isZero();
        });
    }

    @Test
    void appThreadsLeavePurgingToTheBackgroundThread() {
        Machine other = new Machine(1, 3);
        HeapOptions options = HeapOptions.parse("narenas:1,background_thread:true,dirty_decay_ms:1000");
        ArenaHeap alone = new ArenaHeap(other.syscalls(), 1, options, HeapCosts.defaults(), 1);
        other.spawn("app", task -> churn(alone, task, 1000, 100 * SECOND));
        other.run(1000 * SECOND);
        assertThat(other.syscalls().advices()).as("nobody has started it").isEmpty();
    }

    @Test
    void decayTimesMayChange() {
        run("narenas:1,tcache:false,dirty_decay_ms:0", (heap, task) -> {
            heap.free(task, heap.malloc(task, MIB));
            assertThat(advices()).hasSize(1);
            heap.mallctl().write(task, "arena.4096.dirty_decay_ms", 1000);
            heap.mallctl().write(task, "arena.4096.muzzy_decay_ms", 1000);
            heap.free(task, heap.malloc(task, MIB));
            assertThat(advices()).as("dirty pages may stay now").hasSize(1);
            heap.mallctl().write(task, "arena.4096.dirty_decay_ms", 0);
            heap.mallctl().write(task, "arena.4096.muzzy_decay_ms", 0);
            assertThat(advices())
                    .as("and must go, dirty ones first")
                    .containsExactly(Mman.MADV_DONTNEED, Mman.MADV_FREE, Mman.MADV_DONTNEED);
        });
    }
}
