package io.janklab.workloads.junit;

import io.janklab.workloads.api.Jank;

/// Where AssertJ's `assertThat` begins for jank.
public final class JankAssertions {
    private JankAssertions() {}

    public static JankAssert assertThat(Jank jank) {
        return new JankAssert(jank);
    }
}
