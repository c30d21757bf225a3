package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.report.text.FrameText;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WhatIfTest {
    private final Experiment experiment = Samples.bounded(2);
    private final KernelResult first = experiment.kernels().getFirst();
    private final SeedFrame late = first.worstFrames().getFirst();

    /// On 6.17, and with every lock granted, the sample's UI thread never waits.
    @Test
    void otherRunsOfTheSameSeedAndVsyncSay() {
        List<WhatIf> all = experiment.whatIf(late, first);

        assertThat(all).extracting(WhatIf::how).contains("with every lock granted at once", "on 6.17");
        assertThat(all).filteredOn(WhatIf::simulated).allMatch(WhatIf::meetsDeadline).hasSizeGreaterThanOrEqualTo(2);
        assertThat(first.run(late.seed()).measurement().frames().overrunOf(late.frame().token())).hasValue(late.frame().overrunNs());
    }

    @Test
    void deadlineIsMetToTheNanosecond() {
        assertThat(new WhatIf("on 6.17", 0, true).meetsDeadline()).isTrue();
        assertThat(new WhatIf("on 6.17", 1, true).meetsDeadline()).isFalse();
    }

    @Test
    void withoutABoundTheWaitsAreSubtracted() {
        Experiment unbounded = Samples.experiment(2);
        KernelResult kernel = unbounded.kernels().getFirst();
        SeedFrame frame = kernel.worstFrames().getFirst();

        WhatIf withoutLocks = unbounded.whatIf(frame, kernel).getFirst();

        assertThat(withoutLocks.simulated()).isFalse();
        assertThat(withoutLocks.overrunNs()).isEqualTo(frame.frame().overrunNs() - frame.frame().breakdown().ns(Part.LOCK_WAIT));
        assertThat(FrameText.whatIf(unbounded.whatIf(frame, kernel)))
                .startsWith("Would it have met its deadline? without its waits for locks: yes, about ");
    }

    @Test
    void commandThatMakesTheRunAgainIsKnownOrNot() {
        assertThat(first.commandFor(late)).isEmpty();
        assertThat(new KernelResult("6.12", first.switches(), first.runs(), "janklab run --kernel 6.12").commandFor(late))
                .isEqualTo("janklab run --kernel 6.12 --seed " + late.seed() + " --trace-window 20");
    }
}
