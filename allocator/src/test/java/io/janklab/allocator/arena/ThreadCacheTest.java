package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.Machine;
import io.janklab.kernel.cpu.Task;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// What jemalloc 5.3.0's thread caches keep, fill and flush.
class ThreadCacheTest {
    private static final String BIN_64 = "stats.arenas.0.bins." + SizeClasses.index(64) + ".";
    private static final int CAPACITY_64 = 128;

    private final Machine machine = new Machine(1, 1);
    private final ArenaHeap heap = new ArenaHeap(machine.syscalls(), 1, HeapOptions.parse("narenas:1"), HeapCosts.free(), 1);
    private final HeapStats stats = heap.stats();

    private void run(BiConsumer<ArenaHeap, Task> program) {
        machine.spawn("app", task -> {
            program.accept(heap, task);
            HeapValidator.check(heap);
        });
        machine.run(Long.MAX_VALUE - 1);
    }

    @Test
    void capacityIsTwiceASlabWithinBounds() {
        CacheLayout layout = new CacheLayout(HeapOptions.jemalloc());
        assertThat(layout.newBin(SizeClasses.index(8)).capacity).isEqualTo(200);
        assertThat(layout.newBin(SizeClasses.index(64)).capacity).isEqualTo(CAPACITY_64);
        assertThat(layout.newBin(SizeClasses.index(4096)).capacity).isEqualTo(20);
        assertThat(layout.newBin(SizeClasses.index(32_768)).capacity).isEqualTo(20);
        assertThat(layout.bins()).isEqualTo(41);
    }

    @Test
    void androidsCachesAreSmall() {
        CacheLayout layout = new CacheLayout(HeapOptions.jemallocAndroid());
        assertThat(layout.newBin(SizeClasses.index(64)).capacity).isEqualTo(8);
        assertThat(layout.newBin(SizeClasses.index(65_536)).capacity).isEqualTo(16);
    }

    @Test
    void emptyBinIsFilledHalf() {
        run((heap, task) -> {
            heap.malloc(task, 64);
            assertThat(stats.get(BIN_64 + "curregs")).isEqualTo(CAPACITY_64 / 2);
            assertThat(stats.get(BIN_64 + "nfills")).isEqualTo(1);
        });
    }

    @Test
    void lowestBlockOfAFreshSlabComesFirst() {
        run((heap, task) -> {
            long first = heap.malloc(task, 64);
            assertThat(heap.malloc(task, 64)).isEqualTo(first + 64);
        });
    }

    @Test
    void blockFreedLastIsHandedOutNext() {
        run((heap, task) -> {
            long a = heap.malloc(task, 64);
            long b = heap.malloc(task, 64);
            heap.free(task, a);
            heap.free(task, b);
            assertThat(heap.malloc(task, 64)).isEqualTo(b);
            assertThat(heap.malloc(task, 64)).isEqualTo(a);
        });
    }

    @Test
    void fullBinGivesItsOlderHalfBack() {
        run((heap, task) -> {
            long[] blocks = new long[CAPACITY_64 + 1];
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = heap.malloc(task, 64);
            }
            long handedOut = stats.get(BIN_64 + "curregs");
            for (long block : blocks) {
                heap.free(task, block);
            }
            assertThat(stats.get(BIN_64 + "nflushes")).isPositive();
            assertThat(stats.get(BIN_64 + "curregs")).isLessThan(handedOut);
            assertThat(heap.malloc(task, 64)).as("the newest is still there").isEqualTo(blocks[CAPACITY_64]);
        });
    }

    @Test
    void blocksNotNeededForARoundOfGcGoBack() {
        run((heap, task) -> {
            heap.malloc(task, 64);
            long cached = stats.get(BIN_64 + "curregs");
            // Two rounds over all 41 bins, a step per 64 KiB.
            for (int i = 0; i < 3 * 41; i++) {
                heap.free(task, heap.malloc(task, 65_536));
            }
            assertThat(stats.get(BIN_64 + "curregs")).isLessThan(cached);
        });
    }

    @Test
    void blocksOfOtherThreadsGoIntoOnesOwnCache() {
        long[] block = new long[1];
        run((heap, task) -> block[0] = heap.malloc(task, 64));
        run((heap, task) -> {
            heap.malloc(task, 100);
            heap.free(task, block[0]);
            assertThat(heap.malloc(task, 64)).isEqualTo(block[0]);
        });
    }

    @Test
    void threadThatOnlyFreesNeverCaches() {
        long[] block = new long[1];
        run((heap, task) -> block[0] = heap.malloc(task, 64));
        long before = stats.get(BIN_64 + "ndalloc");
        run((heap, task) -> heap.free(task, block[0]));
        assertThat(stats.get(BIN_64 + "ndalloc")).isEqualTo(before + 1);
        assertThat(stats.get("stats.arenas.0.nthreads")).isEqualTo(1);
    }

    @Test
    void exitingThreadLeavesNothingBehind() {
        run((heap, task) -> {
            for (long size = 1; size < 40_000; size *= 2) {
                heap.free(task, heap.malloc(task, size));
            }
            assertThat(stats.get("stats.arenas.0.tcache_bytes")).isPositive();
            heap.threadExit(task);
            assertThat(stats.allocated()).isZero();
            assertThat(stats.active()).isZero();
            assertThat(stats.get("stats.arenas.0.nthreads")).isZero();
        });
    }

    /// `tcache_gc_incr_bytes` is 64 KiB: until then no bin is looked at.
    @Test
    void cacheKeepsWhatItHasBetweenTwoStepsOfGc() {
        run((heap, task) -> {
            heap.malloc(task, 64);
            heap.free(task, heap.malloc(task, 65_536));
            long cached = stats.get(BIN_64 + "curregs");
            for (int i = 0; i < 120; i++) {
                heap.free(task, heap.malloc(task, 512));
            }
            assertThat(stats.get(BIN_64 + "curregs")).isEqualTo(cached);
        });
    }

    /// `ticker_geom_tick`, `ARENA_DECAY_NTICKS_PER_UPDATE`.
    @Test
    void threadTicksOnceInAThousandOperationsAtRandom() {
        machine.spawn("app", task -> {
            ThreadState thread = new ThreadState(task, 1);
            int[] ticks = new int[1];
            int[] first = new int[1];
            Set<Integer> between = new HashSet<>();
            int last = 0;
            for (int i = 0; i < 1_000_000; i++) {
                if (thread.tick(1)) {
                    first[0] = ticks[0] == 0 ? i : first[0];
                    ticks[0]++;
                    between.add(i - last);
                    last = i;
                }
            }
            assertThat(first[0]).as("the first time after a thousand").isEqualTo(1_000);
            assertThat(ticks[0]).isBetween(900, 1_100);
            assertThat(between).hasSizeGreaterThan(50);
        });
        machine.run(Long.MAX_VALUE - 1);
    }

    @Test
    void flushKeepsTheShareThatTheOptionsSay() {
        CacheLayout layout = new CacheLayout(HeapOptions.parse("lg_tcache_flush_small_div:1,lg_tcache_flush_large_div:2"));
        assertThat(layout.remainder(layout.newBin(SizeClasses.index(8)))).isEqualTo(100);
        assertThat(layout.remainder(layout.newBin(SizeClasses.BINS))).isEqualTo(5);
    }

    /// Of four, filled in from the top down, memory was there for two.
    @Test
    void binThatCouldNotBeFilledHasWhatThereWas() {
        CacheBin bin = new CacheLayout(HeapOptions.jemalloc()).newBin(SizeClasses.index(64));
        bin.blocks[2] = 64;
        bin.blocks[3] = 128;
        bin.filled(4, 2);
        assertThat(bin.count).isEqualTo(2);
        assertThat(bin.pop()).isEqualTo(128);
        assertThat(bin.pop()).isEqualTo(64);
        assertThat(bin.pop()).isZero();
    }

    /// `cache_gc_item_delay_compute`, a byte's worth at most.
    @Test
    void gcSparesSoManyBlocksAsTheDelaysBytesHold() {
        CacheLayout layout = new CacheLayout(HeapOptions.parse("tcache_gc_delay_bytes:4096"));
        assertThat(layout.gcDelay(SizeClasses.index(64))).isEqualTo(64);
        assertThat(layout.newBin(SizeClasses.index(64)).gcDelay).isEqualTo(64);
        assertThat(layout.gcDelay(SizeClasses.index(8))).isEqualTo(255);
    }
}
