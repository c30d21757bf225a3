package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class EsetTest {
    private static final long PAGE = SizeClasses.PAGE;
    private static final int ANY = 63;

    private final Eset set = new Eset(0);

    private Edata insert(long firstPage, long pages, long serial) {
        Edata extent = new Edata();
        extent.init(0, firstPage * PAGE, pages * PAGE, serial, ExtentState.DIRTY, false, false);
        set.insert(extent);
        return extent;
    }

    private Edata fit(long pages) {
        return Objects.requireNonNull(set.fit(pages * PAGE, PAGE, ANY));
    }

    @Test
    void oldestOfAllSizesThatFitIsTakenThenTheLowest() {
        insert(100, 2, 1);
        insert(200, 8, 5);
        Edata older = insert(300, 16, 3);
        assertThat(fit(4)).as("the oldest of all is too small").isSameAs(older);
        Edata lower = insert(50, 32, 3);
        assertThat(fit(4)).isSameAs(lower);
        insert(400, 20, 3);
        assertThat(fit(4)).isSameAs(lower);
    }

    @Test
    void sizeIsAsOldAsItsOldestExtent() {
        Edata oldest = insert(100, 8, 1);
        insert(200, 8, 4);
        Edata other = insert(300, 16, 3);
        assertThat(fit(4)).isSameAs(oldest);

        set.remove(oldest);
        assertThat(fit(4)).as("8 pages are of age 4 now").isSameAs(other);

        set.remove(other);
        assertThat(fit(4).serial()).isEqualTo(4);
    }

    @Test
    void extentsThatAreFarTooLargeAreLeftAlone() {
        insert(100, 128, 1);
        assertThat(set.fit(PAGE, PAGE, 6)).isNull();
        Edata largest = insert(400, 64, 2);
        assertThat(set.fit(PAGE, PAGE, 6)).isSameAs(largest);
    }

    /// Sizes below that which holds any aligned block are tried too, the first extent of each.
    @Test
    void wellPlacedExtentHoldsAnAlignedBlockThatOneOfItsSizeNeedNotHold() {
        insert(17, 8, 1);
        assertThat(set.fit(4 * PAGE, 16 * PAGE, ANY)).as("17 to 25: 16 and 32 are outside").isNull();
        insert(29, 6, 1);
        assertThat(set.fit(4 * PAGE, 16 * PAGE, ANY)).as("29 to 35: three pages from 32 on").isNull();
        Edata aligned = insert(44, 10, 2);
        assertThat(set.fit(4 * PAGE, 16 * PAGE, ANY)).as("44 to 54: six pages from 48 on").isSameAs(aligned);
    }

    @Test
    void extentsAreCountedBySize() {
        int eight = SizeClasses.pageIndex(8 * PAGE);
        assertThat(set.bytes(eight)).isZero();
        assertThat(set.count(eight)).isZero();
        Edata first = insert(100, 8, 1);
        insert(200, 8, 2);
        insert(300, 16, 3);
        assertThat(set.count(eight)).isEqualTo(2);
        assertThat(set.bytes(eight)).isEqualTo(16 * PAGE);
        assertThat(set.pages()).isEqualTo(32);

        set.remove(first);
        assertThat(set.count(eight)).isEqualTo(1);
        assertThat(set.bytes(eight)).isEqualTo(8 * PAGE);
        assertThat(set.pages()).isEqualTo(24);
        assertThat(set.count()).isEqualTo(2);
    }

    @Test
    void oldestIsThatWhichHasBeenInTheSetLongest() {
        assertThat(set.oldest()).isNull();
        Edata first = insert(300, 16, 9);
        Edata second = insert(100, 8, 1);
        assertThat(set.oldest()).isSameAs(first);
        set.remove(first);
        assertThat(set.oldest()).isSameAs(second);
    }
}
