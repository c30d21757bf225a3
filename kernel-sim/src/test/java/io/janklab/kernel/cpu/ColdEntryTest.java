package io.janklab.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Spread;
import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ColdEntryTest {
    private static final long COLD_AFTER_NS = 1_000_000;
    private static final CostModel FREE = CostModel.free();

    private final RandomStream random = new Simulation(1).random("kernel.cold");

    @Test
    void costsNothingWhereNeitherCostDoes() {
        assertThat(ColdEntry.of(FREE, random)).isNull();
    }

    @Test
    void eachCallFindsItsOwnPartColdOnce() {
        ColdEntry entry = ColdEntry.of(FREE.with(Cost.KERNEL_COLD, 700), random);

        assertThat(entry.ns("mmap", COLD_AFTER_NS, -1)).isEqualTo(700);
        entry.leftKernel(COLD_AFTER_NS);
        assertThat(entry.ns("munmap", COLD_AFTER_NS + 1, -1)).isEqualTo(700);
        entry.leftKernel(COLD_AFTER_NS + 1);
        assertThat(entry.ns("mmap", COLD_AFTER_NS + 2, -1)).isZero();
    }

    @Test
    void anInterruptMakesItColder() {
        ColdEntry entry = ColdEntry.of(FREE.with(Cost.KERNEL_COLD, 700).with(Cost.KERNEL_COLDER, 800), random);
        entry.leftKernel(COLD_AFTER_NS);

        assertThat(entry.ns("mmap", COLD_AFTER_NS + 2, COLD_AFTER_NS + 1)).isEqualTo(1_500);
    }

    @Test
    void eachColdEntryIsDrawnFromItsSpread() {
        ColdEntry entry = ColdEntry.of(FREE.with(Cost.KERNEL_COLD, new Spread(0, 100, 700, 1_400, 2_000, 3_000)), random);

        long[] drawn = LongStream.rangeClosed(1, 1_000).map(i -> {
            long ns = entry.ns("mmap", i * COLD_AFTER_NS, -1);
            entry.leftKernel(i * COLD_AFTER_NS);
            return ns;
        }).sorted().toArray();

        assertThat(drawn[500]).isBetween(600L, 800L);
        assertThat(drawn[900]).isBetween(1_300L, 1_500L);
        assertThat(drawn[999]).isBetween(1_900L, 3_000L);
    }
}
