package io.janklab.allocator.art;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Where everything slides to.
final class SlidePlanTest {
    private static final long PAGE = MemMap.PAGE;

    @Test
    void denseObjectsStayMortalOnesCloseUpSurvivorsFollowAndBlackPagesSlide() {
        // 10 dense pages; 10 mortal ones, 2 of them dead; 20 young ones, 5 of which live; 3 black ones.
        SlidePlan plan = new SlidePlan(10 * PAGE, 2 * PAGE, 20 * PAGE, 5 * PAGE, 40 * PAGE, 43 * PAGE);

        assertThat(plan.postCompactEnd()).isEqualTo(23 * PAGE);
        assertThat(plan.newTop()).isEqualTo(26 * PAGE);
        assertThat(plan.freed()).isEqualTo(17 * PAGE);
        assertThat(plan.sourceOf(9 * PAGE)).isEqualTo(9 * PAGE);
        assertThat(plan.sourceOf(10 * PAGE)).isEqualTo(12 * PAGE);
        assertThat(plan.sourceOf(18 * PAGE)).as("the first survivor").isEqualTo(20 * PAGE);
        assertThat(plan.sourceOf(19 * PAGE)).as("one in four pages lives").isEqualTo(24 * PAGE);
        assertThat(plan.sourceOf(23 * PAGE)).isEqualTo(40 * PAGE);
        assertThat(plan.sourceOf(25 * PAGE)).isEqualTo(42 * PAGE);
    }

    @Test
    void nothingEverSlidesUpAndOrderIsKept() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            long dense = random.nextLong(50) * PAGE;
            long young = dense + random.nextLong(50) * PAGE;
            long black = young + random.nextLong(50) * PAGE;
            long survivors = black == young ? 0 : random.nextLong(black - young + 1);
            long dead = Math.min(survivors, young - dense);
            SlidePlan plan = new SlidePlan(dense, dead, young, survivors, black, black + random.nextLong(9) * PAGE);
            for (long to = 0, last = 0; to < plan.newTop(); to += PAGE) {
                assertThat(plan.sourceOf(to)).as("%s at %d", plan, to).isBetween(Math.max(to, last), plan.blackEnd());
                assertThat(plan.sourceEnd(to)).isBetween(plan.sourceOf(to) + 1, plan.blackEnd() + 1);
                last = plan.sourceOf(to);
            }
        }
    }
}
