package io.janklab.allocator.scudo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.janklab.allocator.FlatSyscalls;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapMisuse;
import io.janklab.allocator.Machine;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ScudoHeapTest {
    private static final long SECOND = 1_000_000_000L;

    private final Machine machine = new Machine(2, 1);
    private final FlatSyscalls syscalls = machine.syscalls();

    private void run(String conf, BiConsumer<ScudoHeap, Task> program) {
        ScudoHeap heap = new ScudoHeap(syscalls, 2, ScudoOptions.android().with(conf), HeapCosts.defaults(), 1);
        boolean[] done = new boolean[1];
        machine.spawn("main", task -> {
            program.accept(heap, task);
            ScudoValidator.check(heap);
            done[0] = true;
        });
        machine.run(3600 * SECOND);
        assertThat(done[0]).as("the program ended").isTrue();
    }

    private static List<Long> blocks(ScudoHeap heap, Task task, int count, long size) {
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(heap.malloc(task, size));
        }
        return blocks;
    }

    private static void freeAll(ScudoHeap heap, Task task, List<Long> blocks) {
        blocks.forEach(block -> heap.free(task, block));
    }

    @Test
    void everySizeGetsTheSmallestClassThatHoldsIt() {
        for (int sizeClass = 1; sizeClass < SizeClassMap.COUNT; sizeClass++) {
            assertThat(SizeClassMap.of(SizeClassMap.size(sizeClass))).isEqualTo(sizeClass);
            assertThat(SizeClassMap.of(SizeClassMap.size(sizeClass) - 1)).isEqualTo(sizeClass);
            if (sizeClass < SizeClassMap.LARGEST) {
                assertThat(SizeClassMap.of(SizeClassMap.size(sizeClass) + 1)).isEqualTo(sizeClass + 1);
            }
        }
    }

    @Test
    void headersTakeSixteenBytesOfABlock() {
        run("", (heap, task) -> {
            assertThat(heap.usableSize(heap.malloc(task, 1))).isEqualTo(0x20 - 16);
            assertThat(heap.usableSize(heap.malloc(task, 17))).isEqualTo(0x30 - 16);
            assertThat(heap.usableSize(heap.malloc(task, 1 << 16))).isEqualTo(0x10010 - 16);
            assertThat(heap.stats().allocated()).isEqualTo(0x20 + 0x30 + 0x10010);
        });
    }

    @Test
    void addressSpaceIsReservedOnceAndMappedByQuarterMegabytes() {
        run("", (heap, task) -> {
            blocks(heap, task, 100, 1000);
            assertThat(syscalls.counts().mmaps()).isEqualTo(2);
            assertThat(syscalls.mappedBytes()).isEqualTo(1 << 18);
            blocks(heap, task, 200, 1000);
            assertThat(syscalls.mappedBytes()).isEqualTo(2 << 18);
        });
    }

    @Test
    void freePagesGoBackAtMostOncePerInterval() {
        run("", (heap, task) -> {
            List<Long> blocks = blocks(heap, task, 400, 4096);
            freeAll(heap, task, blocks.subList(0, 100));
            task.sleepUntil(task.now() + SECOND);
            freeAll(heap, task, blocks.subList(100, 200));
            long released = heap.stats().get("primary.21.releases");
            assertThat(released).isPositive();
            assertThat(syscalls.advices()).hasSize((int) released).allMatch(advice -> advice.advice() == Mman.MADV_DONTNEED);
            freeAll(heap, task, blocks.subList(200, 300));
            assertThat(heap.stats().get("primary.21.releases")).as("within the interval").isEqualTo(released);
            task.sleepUntil(task.now() + SECOND);
            freeAll(heap, task, blocks.subList(300, 400));
            assertThat(heap.stats().get("primary.21.releases")).as("after it").isGreaterThan(released);
        });
    }

    @Test
    void pageWithABlockInUseOrCachedStays() {
        run("release_to_os_interval_ms:-1", (heap, task) -> {
            List<Long> blocks = blocks(heap, task, 1000, 2000);
            long kept = blocks.remove(500);
            freeAll(heap, task, blocks);
            assertThat(syscalls.advices()).as("interval -1: never by itself").isEmpty();
            heap.purge(task);
            assertThat(syscalls.advices()).isNotEmpty().noneMatch(
                    advice -> advice.address() <= kept - 16 && kept - 16 < advice.address() + advice.length());
            assertThat(heap.stats().resident()).as("the kept block's pages").isBetween(4096L, 8192L + heap.stats().metadata());
        });
    }

    @Test
    void groupsOfSmallBlocksWaitUntilTheyAreNearlyEmpty() {
        run("release_to_os_interval_ms:0", (heap, task) -> {
            List<Long> blocks = blocks(heap, task, 60_000, 16);
            List<Long> half = new ArrayList<>();
            for (int i = 0; i < blocks.size(); i += 2) {
                half.add(blocks.get(i));
            }
            freeAll(heap, task, half);
            assertThat(syscalls.advices()).as("half of every page in use").isEmpty();
            blocks.removeAll(new HashSet<>(half));
            freeAll(heap, task, blocks);
            assertThat(syscalls.advices()).as("all free").isNotEmpty();
        });
    }

    @Test
    void largeBlocksLieBetweenGuardPagesAtTheEndOfTheirMapping() {
        run("", (heap, task) -> {
            long block = heap.malloc(task, 100_000);
            assertThat(heap.usableSize(block)).isLessThan(100_000 + 16);
            long end = block + heap.usableSize(block);
            assertThat(end % 4096).isZero();
            assertThat(syscalls.isMapped(end, 1)).isFalse();
            assertThat(syscalls.isMapped(block - LargeBlock.HEADERS, end - block)).isTrue();
        });
    }

    @Test
    void freedMappingIsReleasedAndServesTheNextBlockOfItsSize() {
        run("", (heap, task) -> {
            long block = heap.malloc(task, 200_000);
            heap.free(task, block);
            assertThat(syscalls.advices()).as("secondary interval 0").hasSize(1);
            long mmaps = syscalls.counts().mmaps();
            assertThat(heap.calloc(task, 1, 199_000)).isBetween(block, block + 4096);
            assertThat(syscalls.counts().mmaps()).isEqualTo(mmaps);
            assertThat(heap.stats().get("cache.hits")).isEqualTo(1);
        });
    }

    @Test
    void mappingsBeyondTheCacheAreUnmapped() {
        run("max_cache_entries_count:2", (heap, task) -> {
            freeAll(heap, task, blocks(heap, task, 5, 100_000));
            assertThat(syscalls.counts().munmaps()).isEqualTo(3);
            heap.free(task, heap.malloc(task, 3 << 20));
            assertThat(syscalls.counts().munmaps()).as("too large an entry").isEqualTo(4);
        });
    }

    @Test
    void smallReallocStaysWhereItFits() {
        run("", (heap, task) -> {
            long block = heap.malloc(task, 4100);
            assertThat(heap.realloc(task, block, 4600)).as("room in the class").isEqualTo(block);
            assertThat(heap.realloc(task, block, 600)).as("less than a page smaller").isEqualTo(block);
            assertThat(heap.realloc(task, block, 5000)).isNotEqualTo(block);
        });
    }

    @Test
    void doubleFreeIsSeenInTheCacheOnTheFreeListAndInAKeptMapping() {
        run("", (heap, task) -> {
            for (long size : new long[] {32, 50_000, 100_000}) {
                List<Long> blocks = blocks(heap, task, 20, size);
                freeAll(heap, task, blocks);
                for (long block : blocks) {
                    assertThatExceptionOfType(HeapMisuse.class)
                            .isThrownBy(() -> heap.free(task, block))
                            .matches(misuse -> misuse.kind() == HeapMisuse.Kind.DOUBLE_FREE, "is a double free");
                }
            }
        });
    }

    @Test
    void threadsShareContextsAndMoveToAFreeOne() {
        ScudoHeap heap = new ScudoHeap(syscalls, 2, ScudoOptions.android(), HeapCosts.defaults(), 1);
        int[] done = new int[1];
        for (int i = 0; i < 4; i++) {
            machine.spawn("thread " + i, task -> {
                for (int j = 0; j < 2000; j++) {
                    heap.free(task, heap.malloc(task, 64));
                }
                heap.threadExit(task);
                done[0]++;
            });
        }
        machine.run(3600 * SECOND);
        assertThat(done[0]).isEqualTo(4);
        assertThat(heap.stats().get("tsds")).isEqualTo(2);
        assertThat(heap.stats().allocated()).isZero();
        ScudoValidator.check(heap);
    }

    @Test
    void exhaustedRegionFallsBackToLargerClasses() {
        run("", (heap, task) -> {
            int full = (int) (RegionInfo.SIZE / SizeClassMap.size(SizeClassMap.LARGEST - 1));
            blocks(heap, task, full + 10, SizeClassMap.size(SizeClassMap.LARGEST - 1) - 16);
            assertThat(heap.stats().get("primary.31.inuse")).isBetween((long) full - 20, (long) full);
            assertThat(heap.stats().get("primary.32.inuse")).isPositive();
        });
    }

    @Test
    void daemonIsToldAndReleasesInstead() {
        run("purger:heap-task-daemon", (heap, task) -> {
            int[] told = new int[1];
            heap.onUnusedPages(from -> told[0]++);
            assertThat(heap.timeUntilDecay(task)).isEqualTo(ScudoHeap.NEVER);
            freeAll(heap, task, blocks(heap, task, 200, 8000));
            assertThat(told[0]).isPositive();
            assertThat(syscalls.advices()).isEmpty();
            assertThat(heap.timeUntilDecay(task)).isZero();
            heap.decay(task);
            assertThat(syscalls.advices()).isNotEmpty();
        });
    }

    @Test
    void badOptionsAreRefusedInOneSentence() {
        for (String conf : List.of("dirty_decay_ms:0", "release_to_os_interval_ms:-2", "max_tsds_count:0",
                "purger:me", "x")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ScudoOptions.android().with(conf))
                    .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        }
        ScudoOptions options = ScudoOptions.android().with("release_to_os_interval_ms:5,purger:heap-task-daemon");
        assertThat(ScudoOptions.android().with(options.toString()).toString()).isEqualTo(options.toString());
    }
}
