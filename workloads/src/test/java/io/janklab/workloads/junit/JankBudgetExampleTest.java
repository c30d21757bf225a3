package io.janklab.workloads.junit;

import static io.janklab.workloads.junit.JankAssertions.assertThat;

import io.janklab.workloads.api.Jank;
import io.janklab.workloads.api.Janklab;
import org.junit.jupiter.api.Test;

// The README of this module quotes this file.
class JankBudgetExampleTest {
    @JankTest(kernel = "6.17", seeds = 3, seconds = 1)
    void flingStaysWithinItsBudget(Jank jank) {
        assertThat(jank).hasOverrunAtMost(99, 4).hasJankyFramesAtMost(5).hasUiInversionAtMost(10);
    }

    @Test
    void feedOfMyOwnStaysSmoothOnABudgetPhone() {
        Jank jank = Janklab.scenario("scroll")
                .with("frame.traversal.medianUs", 700)
                .with("workers.imagesPerS", 20)
                .on("budget-4gb").kernel("6.6").seeds(2).seconds(1).run();

        assertThat(jank).hasDurationAtMost(50, 30);
    }
}
