package io.janklab.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfinementTest {
    private static Call mseal(long address, long length) {
        return Call.of(Operation.MSEAL, address, length, 0);
    }

    /// A mapping at a hint may begin in the region and end in the gap behind it.
    @Test
    void aSealThatEndsInTheGapCannotBeUndone() {
        Call call = mseal(Region.page(1024), 1024 * Region.PAGE + Region.GAP);
        assertThat(Confinement.permits(call)).isTrue();
        assertThat(Confinement.canBeUndone(call)).isFalse();
    }

    @Test
    void aSealThatReachesTheHoleBehindTheGapSealsNothing() {
        Call call = mseal(Region.page(1024), 1024 * Region.PAGE + 2 * Region.GAP);
        assertThat(Confinement.permits(call)).isTrue();
        assertThat(Confinement.canBeUndone(call)).isTrue();
    }
}
