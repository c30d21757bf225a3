package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Machine;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Each of its checks finds what it is there for.
class HeapValidatorTest {
    private static final int SIZE = 64;

    /// A heap with a slab of 64-byte blocks and a large block, one count of which is then made wrong.
    private static void finds(String complaint, Consumer<ArenaHeap> breaks) {
        finds("tcache:false", complaint, breaks);
    }

    private static void finds(String caches, String complaint, Consumer<ArenaHeap> breaks) {
        Machine machine = new Machine(1, 1);
        ArenaHeap heap = new ArenaHeap(machine.syscalls(), 1, HeapOptions.parse("narenas:1," + caches), HeapCosts.free(), 1);
        machine.spawn("app", task -> {
            heap.malloc(task, SIZE);
            heap.malloc(task, 100_000);
            heap.free(task, heap.malloc(task, 50_000));
            HeapValidator.check(heap);
            breaks.accept(heap);
            assertThatIllegalStateException().isThrownBy(() -> HeapValidator.check(heap)).withMessageContaining(complaint);
        });
        machine.run(Long.MAX_VALUE - 1);
    }

    private static void inBin(ArenaHeap heap, Consumer<Bin> breaks) {
        heap.arenas().forEach(arena -> breaks.accept(arena.shards(SizeClasses.index(SIZE))[0]));
    }

    private static Edata slab(ArenaHeap heap) {
        Edata[] found = new Edata[1];
        inBin(heap, bin -> found[0] = bin.current());
        return found[0];
    }

    @Test
    void countsOfABin() {
        finds("counts 2 slabs but has 1", heap -> inBin(heap, bin -> bin.curslabs++));
        finds("counts 1 slabs with room but has 0", heap -> inBin(heap, bin -> bin.nonfullSlabs++));
        finds("regions but has", heap -> inBin(heap, bin -> bin.ndalloc++));
    }

    @Test
    void extentsThatAreLeftMerging() {
        finds("is left merging", heap -> slab(heap).setState(ExtentState.MERGING));
    }

    @Test
    void countsOfAnArena() {
        finds("active pages but has", heap -> slab(heap).setState(ExtentState.DIRTY));
    }

    @Test
    void countsOfUnusedPages() {
        finds("DIRTY pages but has", heap -> heap.arenas().forEach(arena -> {
            Edata dirty = arena.pac().dirty.cache().extents().oldest();
            if (dirty != null) {
                dirty.setState(ExtentState.MUZZY);
            }
        }));
    }

    @Test
    void regionThatIsBothFreeAndInUse() {
        finds("is both free and in use", heap -> {
            Edata slab = slab(heap);
            int free = slab.bin().regions() - 1;
            slab.flipLive(free);
        });
    }

    @Test
    void regionThatNobodyHas() {
        finds("tcache:true", "has lost regions", heap -> {
            Edata slab = slab(heap);
            for (int region = 0; region < slab.bin().regions(); region++) {
                if (slab.isLive(region)) {
                    slab.flipLive(region);
                }
            }
        });
    }
}
