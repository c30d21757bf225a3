package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EdataHeapTest {
    private static final Comparator<Edata> BY_AGE_AND_ADDRESS =
            Comparator.<Edata>comparingLong(extent -> extent.serial()).thenComparingLong(extent -> extent.address());

    @Test
    void firstIsTheOldestAndLowestIfAskedForAfterEachChange() {
        for (long seed = 1; seed <= 30; seed++) {
            compareWithTree(seed);
        }
    }

    private static void compareWithTree(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        EdataHeap heap = new EdataHeap();
        TreeSet<Edata> tree = new TreeSet<>(BY_AGE_AND_ADDRESS);
        List<Edata> in = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            int choice = random.nextInt(5);
            if (choice < 3) {
                Edata extent = extent(random.nextInt(10), i);
                heap.insert(extent);
                tree.add(extent);
                in.add(extent);
            } else if (choice == 3 && !in.isEmpty()) {
                Edata extent = in.remove(random.nextInt(in.size()));
                heap.remove(extent);
                tree.remove(extent);
            } else {
                Edata first = heap.removeFirst();
                assertThat(first).as("seed %d", seed).isSameAs(tree.pollFirst());
                in.remove(first);
            }
            assertThat(heap.first()).as("seed %d, step %d", seed, i).isSameAs(tree.isEmpty() ? null : tree.first());
        }
        assertThat(heap.count()).isEqualTo(tree.size());
    }

    @Test
    void afterTheRootLeftAnExtentMayComeOutBeforeAnOlderOneAsInJemalloc() {
        EdataHeap heap = new EdataHeap();
        Edata root = extent(1, 0);
        heap.insert(root);
        heap.insert(extent(3, 0));
        heap.insert(extent(5, 0));
        heap.remove(root);
        heap.insert(extent(4, 0));
        assertThat(heap.removeFirst().serial()).isEqualTo(4);
        assertThat(heap.removeFirst().serial()).isEqualTo(3);
        assertThat(heap.removeFirst().serial()).isEqualTo(5);
    }

    @Test
    void nothingIsLostHoweverExtentsComeAndGo() {
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            EdataHeap heap = new EdataHeap();
            List<Edata> in = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                int choice = random.nextInt(8);
                if (choice < 4 || in.isEmpty()) {
                    Edata extent = extent(random.nextInt(100), i);
                    heap.insert(extent);
                    in.add(extent);
                } else if (choice < 7) {
                    heap.remove(in.remove(random.nextInt(in.size())));
                } else {
                    assertThat(in.remove(heap.removeFirst())).as("seed %d, step %d", seed, i).isTrue();
                }
                assertThat(heap.count()).as("seed %d, step %d", seed, i).isEqualTo(in.size());
            }
        }
    }

    private static Edata extent(long serial, long page) {
        Edata extent = new Edata();
        extent.init(0, page * SizeClasses.PAGE, SizeClasses.PAGE, serial, ExtentState.DIRTY, false, false);
        return extent;
    }
}
