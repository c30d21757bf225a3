package io.janklab.kernel.mm.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.sim.RandomStream;
import io.janklab.sim.RandomStreams;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tree against a sorted map that does everything the slow way.
class VmaTreeTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long LOW = 0x10_0000;

    private final Mm mm = new KernelFixture().boot(KernelVersion.V6_17).mm;
    private final VmaTree tree = new VmaTree();
    private final TreeMap<Long, Vma> model = new TreeMap<>();

    private Vma add(long start, long end) {
        Vma vma = new Vma(mm, start, end, start >>> Addresses.PAGE_SHIFT, VmFlags.VM_READ);
        tree.insert(vma);
        model.put(start, vma);
        return vma;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithASortedMapWhateverHappens(long seed) {
        RandomStream random = new RandomStreams(seed).stream("tree");
        for (int step = 0; step < 20_000; step++) {
            long start = LOW + random.nextInt(4096) * PAGE;
            long end = start + (1 + random.nextInt(8)) * PAGE;
            Vma overlap = tree.findIntersection(start, end);
            assertThat(overlap).as("seed %d step %d", seed, step).isSameAs(modelIntersection(start, end));
            if (overlap == null) {
                add(start, end);
            } else if (random.nextInt(3) == 0) {
                trim(overlap);
            } else {
                tree.remove(overlap);
                model.remove(overlap.start());
            }
            checkAround(start, seed, step);
        }
        assertThat(tree.list()).containsExactlyElementsOf(model.values());
        assertThat(tree.size()).isEqualTo(model.size());
    }

    private void trim(Vma vma) {
        if (vma.pages() > 1) {
            model.remove(vma.start());
            tree.setBounds(vma, vma.start() + PAGE, vma.end());
            model.put(vma.start(), vma);
        }
    }

    private void checkAround(long address, long seed, int step) {
        Map.Entry<Long, Vma> floor = model.floorEntry(address);
        Vma holder = floor != null && floor.getValue().end() > address ? floor.getValue() : null;
        assertThat(tree.lookup(address)).as("seed %d step %d", seed, step).isSameAs(holder);
        Map.Entry<Long, Vma> above = model.higherEntry(address);
        assertThat(tree.find(address)).isSameAs(holder != null ? holder : above == null ? null : above.getValue());
        if (holder != null) {
            assertThat(tree.next(holder)).isSameAs(above == null ? null : above.getValue());
        }
        long length = 4 * PAGE;
        assertThat(tree.highestGap(length, LOW, LOW + 5000 * PAGE)).isEqualTo(modelGap(length, LOW, LOW + 5000 * PAGE));
    }

    private Vma modelIntersection(long start, long end) {
        Map.Entry<Long, Vma> floor = model.floorEntry(start);
        if (floor != null && floor.getValue().end() > start) {
            return floor.getValue();
        }
        Map.Entry<Long, Vma> next = model.ceilingEntry(start);
        return next != null && next.getKey() < end ? next.getValue() : null;
    }

    private long modelGap(long length, long low, long high) {
        long ceiling = high;
        for (Vma vma : model.descendingMap().values()) {
            if (ceiling - vma.end() >= length) {
                return ceiling - length;
            }
            ceiling = Math.min(ceiling, vma.start());
        }
        return ceiling - low >= length ? ceiling - length : -1;
    }

    @Test
    void highestGapIsTheOneBelowTheCeilingWhenTheTreeIsEmpty() {
        assertThat(tree.highestGap(PAGE, LOW, LOW + 10 * PAGE)).isEqualTo(LOW + 9 * PAGE);
    }

    @Test
    void noGapIsFoundWhereNothingFits() {
        add(LOW, LOW + 9 * PAGE);
        assertThat(tree.highestGap(2 * PAGE, LOW, LOW + 10 * PAGE)).isEqualTo(-1);
    }
}
