package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.Machine;
import io.janklab.kernel.cpu.Task;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Which memory a request gets: arenas by thread, slabs by age, extents by fit, mappings by growth.
class ArenaTest {
    private static final long MIB = 1 << 20;

    private final Machine machine = new Machine(1, 1);

    private ArenaHeap run(String options, BiConsumer<ArenaHeap, Task> program) {
        ArenaHeap heap = new ArenaHeap(machine.syscalls(), 1, HeapOptions.parse(options), HeapCosts.free(), 1);
        run(heap, program);
        return heap;
    }

    private void run(ArenaHeap heap, BiConsumer<ArenaHeap, Task> program) {
        machine.spawn("app", task -> {
            program.accept(heap, task);
            HeapValidator.check(heap);
        });
        machine.run(Long.MAX_VALUE - 1);
    }

    @Test
    void threadsSpreadOverArenasThenShareTheLeastLoaded() {
        ArenaHeap heap = run("narenas:2", (h, task) -> h.malloc(task, 1));
        for (int i = 0; i < 4; i++) {
            run(heap, (h, task) -> h.malloc(task, 1));
        }
        HeapStats stats = heap.stats();
        assertThat(stats.get("stats.arenas.0.nthreads")).isEqualTo(3);
        assertThat(stats.get("stats.arenas.1.nthreads")).isEqualTo(2);
    }

    @Test
    void exitedThreadsArenaIsChosenNext() {
        ArenaHeap heap = run("narenas:3", (h, task) -> h.malloc(task, 1));
        run(heap, (h, task) -> {
            h.malloc(task, 1);
            h.threadExit(task);
        });
        run(heap, (h, task) -> h.malloc(task, 1));
        assertThat(heap.stats().get("stats.arenas.1.nthreads")).isEqualTo(1);
        assertThat(heap.stats().get("stats.arenas.2.pactive")).as("the third arena is not needed").isZero();
        assertThat(heap.arenas().indexes()).containsExactly(0, 1);
    }

    @Test
    void threadsAreKnownWhateverTheirNumber() {
        ArenaHeap heap = run("narenas:1", (h, task) -> h.malloc(task, 1));
        for (int i = 1; i < 70; i++) {
            run(heap, (h, task) -> h.malloc(task, 1));
        }
        assertThat(heap.stats().get("stats.arenas.0.nthreads")).isEqualTo(70);
    }

    @Test
    void defaultIsFourArenasPerCpu() {
        ArenaHeap heap = new ArenaHeap(machine.syscalls(), 8, HeapOptions.jemalloc(), HeapCosts.free(), 1);
        // 32 automatic ones, and that of oversize blocks.
        assertThat(heap.stats().get("arenas.narenas")).isEqualTo(33);
    }

    @Test
    void retainedMappingsGrowFromTwoMebibytes() {
        run("narenas:1,tcache:false", (heap, task) -> {
            heap.malloc(task, 1);
            assertThat(machine.syscalls().mappedBytes()).isEqualTo(2 * MIB);
            heap.malloc(task, 2 * MIB);
            assertThat(machine.syscalls().mappedBytes()).isEqualTo(2 * MIB + 2 * MIB + MIB / 2);
            heap.malloc(task, 1);
            assertThat(machine.syscalls().mappedBytes()).isEqualTo(2 * MIB + 2 * MIB + MIB / 2);
        });
    }

    @Test
    void oldestSlabWithRoomIsUsedFirst() {
        run("narenas:1,tcache:false", (heap, task) -> {
            long[] blocks = new long[64 * 3];
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = heap.malloc(task, 64);
            }
            heap.free(task, blocks[150]);
            heap.free(task, blocks[10]);
            heap.free(task, blocks[100]);
            assertThat(heap.malloc(task, 64)).isEqualTo(blocks[10]);
            assertThat(heap.malloc(task, 64)).isEqualTo(blocks[100]);
            assertThat(heap.malloc(task, 64)).isEqualTo(blocks[150]);
            assertThat(heap.stats().get("stats.arenas.0.bins." + SizeClasses.index(64) + ".nreslabs"))
                    .as("the oldest when it was lowered, then the next two").isEqualTo(3);
        });
    }

    @Test
    void dirtyPagesAreReusedBeforeRetainedOnes() {
        run("narenas:1,tcache:false,cache_oblivious:false", (heap, task) -> {
            long a = heap.malloc(task, 100_000);
            heap.malloc(task, 100_000);
            heap.free(task, a);
            assertThat(heap.malloc(task, 100_000)).isEqualTo(a);
        });
    }

    @Test
    void farTooLargeDirtyExtentIsNotSplit() {
        run("narenas:1,tcache:false,cache_oblivious:false", (heap, task) -> {
            long large = heap.malloc(task, MIB);
            heap.free(task, large);
            long small = heap.malloc(task, 4096);
            assertThat(small < large || small >= large + MIB).as("65 times the request and more stays whole").isTrue();
            long medium = heap.malloc(task, 65_536);
            assertThat(medium).isEqualTo(large);
        });
    }

    @Test
    void smallDirtyExtentsCoalesceOnlyWhenEvicted() {
        run("narenas:1,tcache:false", (heap, task) -> {
            long a = heap.malloc(task, 4096);
            long b = heap.malloc(task, 4096);
            heap.free(task, a);
            heap.free(task, b);
            assertThat(b).isEqualTo(a + 4096);
            assertThat(heap.stats().get("stats.arenas.0.pdirty")).isEqualTo(2);
            machine.syscalls().clearAdvices();
            heap.purge(task);
            assertThat(machine.syscalls().advices()).as("one call for both").hasSize(1);
        });
    }

    @Test
    void largeBlockGrowsIntoFreeNeighbour() {
        run("narenas:1,tcache:false", (heap, task) -> {
            long block = heap.malloc(task, 100_000);
            assertThat(heap.realloc(task, block, 200_000)).isEqualTo(block);
            assertThat(heap.usableSize(block)).isEqualTo(229_376);
            assertThat(heap.realloc(task, block, 50_000)).as("and shrinks").isEqualTo(block);
            assertThat(heap.stats().allocated()).isEqualTo(57_344);
        });
    }

    @Test
    void largeBlockWithNeighbourMoves() {
        run("narenas:1,tcache:false", (heap, task) -> {
            long block = heap.malloc(task, 100_000);
            heap.malloc(task, 100_000);
            assertThat(heap.realloc(task, block, 200_000)).isNotEqualTo(block);
        });
    }

    @Test
    void reallocToZeroFrees() {
        run("narenas:1,tcache:false", (heap, task) -> {
            assertThat(heap.realloc(task, heap.malloc(task, 100), 0)).isZero();
            assertThat(heap.stats().allocated()).isZero();
        });
    }

    @Test
    void reallocToZeroMayAllocate() {
        run("narenas:1,tcache:false,zero_realloc:alloc", (heap, task) -> {
            assertThat(heap.realloc(task, heap.malloc(task, 100), 0)).isNotZero();
            assertThat(heap.stats().allocated()).isEqualTo(8);
        });
    }

    @Test
    void shardsHaveTheirOwnSlabs() {
        ArenaHeap heap = run("narenas:1,tcache:false,bin_shards:64-64:2", (h, task) -> h.malloc(task, 64));
        run(heap, (h, task) -> h.malloc(task, 64));
        assertThat(heap.stats().get("stats.arenas.0.bins." + SizeClasses.index(64) + ".curslabs")).isEqualTo(2);
    }

    /// A large block has a page more than its size, for its random place in the first.
    @Test
    void unusedPagesAreCountedByWhatHasBecomeOfThem() {
        for (String options : new String[] {"dirty_decay_ms:-1", "dirty_decay_ms:100,muzzy_decay_ms:-1", "dirty_decay_ms:0"}) {
            HeapStats stats = run("narenas:1,tcache:false," + options, (heap, task) -> {
                heap.free(task, heap.malloc(task, MIB));
                for (long second = 1; second <= 2; second++) {
                    task.sleepUntil(second * 1_000_000_000);
                    heap.decay(task);
                }
            }).stats();
            assertThat(stats.dirty()).as(options).isEqualTo(options.startsWith("dirty_decay_ms:-1") ? MIB + 4096 : 0);
            assertThat(stats.muzzy()).as(options).isEqualTo(options.contains("muzzy") ? MIB + 4096 : 0);
            assertThat(stats.get("stats.arenas.0.pdirty") * 4096).isEqualTo(stats.dirty());
            assertThat(stats.get("stats.arenas.0.pmuzzy") * 4096).isEqualTo(stats.muzzy());
            assertThat(stats.get("stats.arenas.0.retained")).isEqualTo(stats.retained()).isPositive();
            long muzzyExtents = LongStream.range(0, SizeClasses.PAGE_COUNT)
                    .map(i -> stats.get("stats.arenas.0.extents." + i + ".nmuzzy")).sum();
            assertThat(muzzyExtents).isEqualTo(options.contains("muzzy") ? 1 : 0);
            assertThat(stats.mapped()).as("metadata too, in whole pages").isEqualTo(stats.active() + stats.dirty() + stats.muzzy()
                    + (stats.metadata() + 4095) / 4096 * 4096);
        }
    }

    /// What lies before and behind the aligned part is unmapped again (`pages_map_slow`).
    @Test
    void mappingThatMustBeAlignedIsTrimmed() {
        machine.spawn("app", task -> {
            Pages pages = new Pages(machine.syscalls(), HeapOptions.jemalloc());
            pages.map(task, 4096, 4096);
            long before = machine.syscalls().mappedBytes();
            long address = pages.map(task, MIB, 8 * MIB);
            assertThat(address).isPositive();
            assertThat(address % (8 * MIB)).isZero();
            assertThat(machine.syscalls().mappedBytes() - before).isEqualTo(MIB);
            assertThat(pages.unmap(task, address, MIB)).isTrue();
            assertThat(machine.syscalls().mappedBytes()).isEqualTo(before);
        });
        machine.run(Long.MAX_VALUE - 1);
    }

    @Test
    void mappingLargerThanTheAddressSpaceIsNone() {
        machine.spawn("app", task -> assertThat(new Pages(machine.syscalls(), HeapOptions.jemalloc())
                .map(task, Long.MAX_VALUE - 4095, 8 * MIB)).isZero());
        machine.run(Long.MAX_VALUE - 1);
    }

    /// `extent_maximally_purge` spares them where pages never decay.
    @Test
    void oversizeBlocksStayWhereNothingEverDecays() {
        ArenaHeap heap = run("narenas:1,dirty_decay_ms:-1", (h, task) -> h.free(task, h.malloc(task, 9 * MIB)));
        assertThat(machine.syscalls().advices()).isEmpty();
        assertThat(heap.stats().get("stats.arenas.1.dirty_purged")).isZero();
        assertThat(heap.stats().dirty()).isEqualTo(heap.stats().get("stats.arenas.1.pdirty") * 4096).isGreaterThan(9 * MIB);
    }

    @Test
    void oversizeThresholdIsAtLeastALargeSize() {
        long least = SizeClasses.LARGE_MIN;
        assertThat(Pac.oversizeThreshold(HeapOptions.parse("oversize_threshold:" + least))).isEqualTo(least);
        assertThat(Pac.oversizeThreshold(HeapOptions.parse("oversize_threshold:" + (least - 1)))).isEqualTo(Long.MAX_VALUE);
        assertThat(Pac.oversizeThreshold(HeapOptions.parse("oversize_threshold:0"))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void pagesReadZeroAfterAPurgeByDontneedAlone() {
        assertThat(new Pages(machine.syscalls(), HeapOptions.jemalloc()).forcedPurgeZeroes()).isTrue();
        assertThat(new Pages(machine.syscalls(), HeapOptions.parse("purge_forced:free")).forcedPurgeZeroes()).isFalse();
    }

    /// Records of extents that are unmapped serve the next ones.
    @Test
    void metadataDoesNotGrowWithWhatIsMappedAndUnmapped() {
        run("narenas:1,tcache:false,dirty_decay_ms:0,retain:false", (heap, task) -> {
            heap.free(task, heap.malloc(task, MIB));
            long metadata = heap.stats().metadata();
            for (int i = 0; i < 1000; i++) {
                heap.free(task, heap.malloc(task, MIB));
            }
            assertThat(heap.stats().metadata()).isEqualTo(metadata);
        });
        EdataCache records = new EdataCache();
        Edata first = records.take();
        records.take();
        records.put(first);
        assertThat(records.take()).isSameAs(first);
        assertThat(records.created()).isEqualTo(2);
    }
}
