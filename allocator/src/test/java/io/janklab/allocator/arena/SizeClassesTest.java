package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Size classes and slabs of a 64-bit jemalloc 5.3.0 with 4 KiB pages.
class SizeClassesTest {
    @Test
    void thereAreAsManyClassesAsInJemalloc() {
        assertThat(SizeClasses.COUNT).isEqualTo(232);
        assertThat(SizeClasses.BINS).isEqualTo(36);
        assertThat(SizeClasses.PAGE_COUNT).isEqualTo(199);
        assertThat(SizeClasses.SMALL_MAX).isEqualTo(14_336);
        assertThat(SizeClasses.LARGE_MIN).isEqualTo(16_384);
        assertThat(SizeClasses.size(SizeClasses.COUNT - 1)).isEqualTo(SizeClasses.LARGE_MAX);
    }

    @Test
    void classesAreFourPerDoubling() {
        assertThat(LongStream.range(0, 17).map(i -> SizeClasses.size((int) i)))
                .containsExactly(8L, 16L, 32L, 48L, 64L, 80L, 96L, 112L, 128L, 160L, 192L, 224L, 256L, 320L, 384L, 448L, 512L);
        assertThat(LongStream.range(36, 42).map(i -> SizeClasses.size((int) i)))
                .containsExactly(16_384L, 20_480L, 24_576L, 28_672L, 32_768L, 40_960L);
    }

    @Test
    void everySizeGetsTheSmallestClassThatHoldsIt() {
        for (int index = 1; index < SizeClasses.COUNT; index++) {
            long size = SizeClasses.size(index);
            assertThat(SizeClasses.index(size)).as("%d", size).isEqualTo(index);
            assertThat(SizeClasses.index(size - 1)).as("%d", size - 1).isEqualTo(index - (size - 1 > SizeClasses.size(index - 1) ? 0 : 1));
            assertThat(SizeClasses.index(SizeClasses.size(index - 1) + 1)).isEqualTo(index);
        }
        assertThat(SizeClasses.index(0)).isZero();
    }

    @Test
    void pageClassesHoldWhatTheyAreFor() {
        for (int index = 0; index < SizeClasses.PAGE_COUNT; index++) {
            assertThat(SizeClasses.pageIndex(SizeClasses.pageSize(index))).isEqualTo(index);
            assertThat(SizeClasses.pageIndex(SizeClasses.pageSize(index) + 1)).isEqualTo(index + 1);
        }
    }

    @Test
    void anExtentIsFiledUnderAClassItAlwaysServes() {
        for (long pages = 1; pages < 3000; pages++) {
            long size = pages * SizeClasses.PAGE;
            for (long pad : new long[] {0, SizeClasses.PAGE}) {
                assertThat(SizeClasses.quantizeFloor(size, pad)).isLessThanOrEqualTo(size);
                assertThat(SizeClasses.quantizeCeil(size, pad)).isGreaterThanOrEqualTo(size);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8,1,512", "16,1,256", "32,1,128", "48,3,256", "64,1,64", "80,5,256", "96,3,128", "112,7,256", "128,1,32", "160,5,128",
        "4096,1,1", "14336,7,2"
    })
    void slabsAreTheFewestWholePagesThatHoldWholeRegions(int regionSize, int pages, int regions) {
        BinInfo bin = BinInfo.of(SizeClasses.index(regionSize));
        assertThat(bin.regionSize()).isEqualTo(regionSize);
        assertThat(bin.slabSize()).isEqualTo(pages * SizeClasses.PAGE);
        assertThat(bin.regions()).isEqualTo(regions);
    }

    @Test
    void onlyRegionStartsAreRegions() {
        for (int i = 0; i < SizeClasses.BINS; i++) {
            BinInfo bin = BinInfo.of(i);
            for (int offset = 0; offset < bin.slabSize(); offset++) {
                int expected = offset % bin.regionSize() == 0 ? offset / bin.regionSize() : -1;
                assertThat(bin.regionAt(offset)).as("offset %d in a slab of %d", offset, bin.regionSize()).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,64,64", "100,32,128", "96,32,96", "100,4096,4096", "8000,4096,8192", "14000,4096,16384", "1,8192,16384", "20000,64,20480"
    })
    void alignedRequestsGetAClassThatIsAligned(long size, long alignment, long usable) {
        assertThat(SizeClasses.usable(size, alignment)).isEqualTo(usable);
    }
}
