package io.janklab.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.janklab.kernel.cpu.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// The contract of every heap, whatever its options.
public abstract class HeapContract {
    /// A heap on that machine; its helper tasks, if it has any, are spawned.
    protected abstract Heap newHeap(Machine machine);

    /// Checks the whole structure.
    protected abstract void validate(Heap heap);

    /// The bytes of a live block in `allocated`.
    protected long counted(Heap heap, long block) {
        return heap.usableSize(block);
    }

    /// Runs a program on a fresh heap, and checks the heap afterwards.
    private void run(BiConsumer<Heap, Task> program) {
        Machine machine = new Machine(2, 1);
        Heap heap = newHeap(machine);
        boolean[] done = new boolean[1];
        machine.spawn("main", task -> {
            program.accept(heap, task);
            validate(heap);
            done[0] = true;
        });
        machine.run(3_600_000_000_000L);
        assertThat(done[0]).as("the program ended").isTrue();
        assertThat(machine.syscalls().anyMutexHeld(task -> task.name().equals("main"))).as("mutexes held at the end").isFalse();
    }

    @Test
    void blocksAreAtLeastAsLargeAsAskedForAndAligned() {
        run((heap, task) -> {
            for (long size : new long[] {0, 1, 7, 8, 9, 16, 17, 100, 4095, 4096, 4097, 14_336, 14_337, 20_000, 1 << 20, 9 << 20}) {
                long block = heap.malloc(task, size);
                assertThat(heap.usableSize(block)).as("usable size of %d", size).isGreaterThanOrEqualTo(Math.max(1, size));
                assertThat(block % (size >= 16 ? 16 : 8)).as("alignment of %d", size).isZero();
                heap.free(task, block);
            }
        });
    }

    @Test
    void alignedBlocksAreAligned() {
        run((heap, task) -> {
            for (long alignment = 1; alignment <= 1 << 22; alignment <<= 1) {
                for (long size : new long[] {1, alignment, 3 * alignment + 5}) {
                    long block = heap.alignedAlloc(task, alignment, size);
                    assertThat(block % alignment).as("%d bytes aligned to %d", size, alignment).isZero();
                    assertThat(heap.usableSize(block)).isGreaterThanOrEqualTo(size);
                    heap.free(task, block);
                }
            }
        });
    }

    @Test
    void freeOfNullDoesNothing() {
        run((heap, task) -> heap.free(task, 0));
    }

    @Test
    void reallocOfNullIsMalloc() {
        run((heap, task) -> {
            long block = heap.realloc(task, 0, 100);
            assertThat(heap.usableSize(block)).isGreaterThanOrEqualTo(100);
            heap.free(task, block);
        });
    }

    @Test
    void reallocServesEveryPairOfSizes() {
        long[] sizes = {1, 16, 100, 5000, 14_000, 15_000, 33_000, 300_000, 3_000_000, 10_000_000};
        run((heap, task) -> {
            for (long from : sizes) {
                for (long to : sizes) {
                    long block = heap.realloc(task, heap.malloc(task, from), to);
                    assertThat(heap.usableSize(block)).as("%d to %d", from, to).isGreaterThanOrEqualTo(to);
                    heap.free(task, block);
                }
            }
        });
    }

    @Test
    void blockFreedTwiceIsRefused() {
        run((heap, task) -> {
            for (long size : new long[] {8, 1000, 8192, 20_000, 1 << 20}) {
                long neighbour = heap.malloc(task, size);
                long block = heap.malloc(task, size);
                heap.free(task, block);
                expectMisuse(() -> heap.free(task, block));
                expectMisuse(() -> heap.realloc(task, block, 1));
                expectMisuse(() -> heap.usableSize(block));
                heap.free(task, neighbour);
            }
        });
    }

    @Test
    void blockFreedByAnotherThreadIsRefusedToo() {
        Machine machine = new Machine(2, 1);
        Heap heap = newHeap(machine);
        long[] sizes = {8, 1000, 20_000, 1 << 20};
        long[] blocks = new long[sizes.length];
        int[] refused = new int[1];
        machine.spawn("owner", task -> {
            for (int i = 0; i < sizes.length; i++) {
                blocks[i] = heap.malloc(task, sizes[i]);
            }
            machine.spawn("other", other -> {
                for (long block : blocks) {
                    heap.free(other, block);
                }
                heap.threadExit(other);
                machine.spawn("third", third -> {
                    for (long block : blocks) {
                        expectMisuse(() -> heap.free(third, block));
                        refused[0]++;
                    }
                });
            });
        });
        machine.run(60_000_000_000L);
        assertThat(refused[0]).isEqualTo(sizes.length);
        validate(heap);
    }

    @Test
    void foreignPointerIsRefused() {
        run((heap, task) -> {
            long block = heap.malloc(task, 64);
            for (long address : new long[] {8, 4096, -8, Long.MAX_VALUE, Long.MIN_VALUE, block + (1L << 40)}) {
                expectMisuse(HeapMisuse.Kind.FOREIGN_POINTER, () -> heap.free(task, address));
            }
            heap.free(task, block);
        });
    }

    @Test
    void interiorPointerIsRefused() {
        run((heap, task) -> {
            for (long size : new long[] {64, 100, 2000, 16_384, 1 << 20}) {
                long block = heap.malloc(task, size);
                expectMisuse(HeapMisuse.Kind.INTERIOR_POINTER, () -> heap.free(task, block + 8));
                heap.free(task, block);
            }
        });
    }

    @Test
    void impossibleRequestsAreRefused() {
        run((heap, task) -> {
            expectMisuse(HeapMisuse.Kind.SIZE_OVERFLOW, () -> heap.malloc(task, -1));
            expectMisuse(HeapMisuse.Kind.SIZE_OVERFLOW, () -> heap.malloc(task, Long.MAX_VALUE));
            expectMisuse(HeapMisuse.Kind.SIZE_OVERFLOW, () -> heap.calloc(task, 1L << 32, 1L << 32));
            expectMisuse(HeapMisuse.Kind.SIZE_OVERFLOW, () -> heap.calloc(task, Long.MAX_VALUE, 2));
            expectMisuse(HeapMisuse.Kind.SIZE_OVERFLOW, () -> heap.alignedAlloc(task, 1L << 62, 1L << 62));
            expectMisuse(HeapMisuse.Kind.BAD_ALIGNMENT, () -> heap.alignedAlloc(task, 24, 100));
            expectMisuse(HeapMisuse.Kind.BAD_ALIGNMENT, () -> heap.alignedAlloc(task, 0, 100));
            expectMisuse(HeapMisuse.Kind.BAD_ALIGNMENT, () -> heap.alignedAlloc(task, Long.MIN_VALUE, 100));
        });
    }

    @Test
    void moreThanTheAddressSpaceHoldsIsOutOfMemory() {
        run((heap, task) -> {
            assertThat(heap.malloc(task, 1L << 60)).isZero();
            assertThat(heap.alignedAlloc(task, 1L << 46, 1L << 46)).isZero();
            long block = heap.malloc(task, 20_000);
            assertThat(heap.realloc(task, block, 1L << 60)).isZero();
            assertThat(heap.usableSize(block)).as("the old block is still there").isGreaterThanOrEqualTo(20_000);
            heap.free(task, block);
        });
    }

    @Test
    void everyKernelCallMayFail() {
        boolean failed = true;
        for (long n = 0; failed; n++) {
            Machine machine = new Machine(1, 1);
            Heap heap = newHeap(machine);
            machine.syscalls().failCall(n);
            long[] allocated = {-1};
            machine.spawn("main", task -> {
                churn(heap, task, new SplittableRandom(5), 1500);
                validate(heap);
                heap.threadExit(task);
                heap.purge(task);
                validate(heap);
                allocated[0] = heap.stats().allocated();
            });
            machine.run(3_600_000_000_000L);
            assertThat(allocated[0]).as("bytes left when call %d failed", n).isZero();
            failed = machine.syscalls().calls() > n;
        }
    }

    /// Allocates and frees at random, and frees the rest.
    private static void churn(Heap heap, Task task, SplittableRandom random, int operations) {
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            if (!blocks.isEmpty() && random.nextInt(5) < 2) {
                heap.free(task, blocks.remove(random.nextInt(blocks.size())));
                continue;
            }
            long block = heap.malloc(task, 1L << random.nextInt(20));
            if (block != 0) {
                blocks.add(block);
            }
        }
        blocks.forEach(block -> heap.free(task, block));
    }

    @Test
    void randomProgramsNeverOverlapBlocks() {
        for (long seed = 1; seed <= 20; seed++) {
            randomProgram(seed);
        }
    }

    private void randomProgram(long seed) {
        Machine machine = new Machine(2, seed);
        Heap heap = newHeap(machine);
        Blocks blocks = new Blocks("seed " + seed);
        int[] ended = new int[1];
        for (int thread = 0; thread < 4; thread++) {
            SplittableRandom random = new SplittableRandom(seed * 31 + thread);
            machine.spawn("thread " + thread, task -> {
                for (int i = 0; i < 600; i++) {
                    step(heap, task, random, blocks);
                    task.compute(random.nextInt(2000));
                }
                heap.threadExit(task);
                ended[0]++;
            });
        }
        machine.run(60_000_000_000L);
        assertThat(ended[0]).as("threads ended, seed %d", seed).isEqualTo(4);
        assertThat(machine.syscalls().anyMutexHeld(task -> task.name().startsWith("thread"))).isFalse();
        validate(heap);
        assertThat(heap.stats().allocated()).as("allocated, seed %d", seed).isEqualTo(blocks.sum(block -> counted(heap, block)));
    }

    private static void step(Heap heap, Task task, SplittableRandom random, Blocks blocks) {
        long size = random.nextInt(20) == 0 ? random.nextInt(400_000) : random.nextInt(1 << random.nextInt(1, 15));
        switch (random.nextInt(8)) {
            case 0, 1 -> blocks.add(heap, heap.malloc(task, size), size);
            case 2 -> blocks.add(heap, heap.calloc(task, 3, size / 3), size / 3 * 3);
            case 3 -> blocks.add(heap, heap.alignedAlloc(task, 1L << random.nextInt(14), size), size);
            case 4 -> {
                long old = blocks.take(random);
                blocks.add(heap, heap.realloc(task, old, size + 1), size + 1);
            }
            default -> heap.free(task, blocks.take(random));
        }
        if (random.nextInt(300) == 0) {
            heap.purge(task);
        }
    }

    /// The live blocks of a random program, of all its threads.
    private static final class Blocks {
        private final String name;
        private final TreeMap<Long, Long> ends = new TreeMap<>();

        Blocks(String name) {
            this.name = name;
        }

        void add(Heap heap, long block, long size) {
            assertThat(block).as(name).isNotZero();
            long end = block + heap.usableSize(block);
            assertThat(end - block).as(name).isGreaterThanOrEqualTo(size);
            Map.Entry<Long, Long> below = ends.lowerEntry(end);
            assertThat(below == null || below.getValue() <= block).as("%s: 0x%x overlaps no other block", name, block).isTrue();
            ends.put(block, end);
        }

        /// Takes any block away, or returns 0 if there is none.
        long take(SplittableRandom random) {
            if (ends.isEmpty()) {
                return 0;
            }
            long span = ends.lastKey() - ends.firstKey() + 1;
            long block = ends.floorKey(ends.firstKey() + random.nextLong(span));
            ends.remove(block);
            return block;
        }

        long sum(ToLongFunction<Long> figure) {
            return ends.keySet().stream().mapToLong(figure).sum();
        }
    }

    private static void expectMisuse(ThrowingCallable call) {
        assertThatExceptionOfType(HeapMisuse.class).isThrownBy(call);
    }

    private static void expectMisuse(HeapMisuse.Kind kind, ThrowingCallable call) {
        assertThatExceptionOfType(HeapMisuse.class).isThrownBy(call).matches(misuse -> misuse.kind() == kind, "is a " + kind);
    }
}
