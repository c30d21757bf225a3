package io.janklab.workloads.host.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HostPreemptionTest {
    private static final String NONE =
            "CONFIG_PREEMPT_BUILD=y\nCONFIG_PREEMPT_NONE=y\n# CONFIG_PREEMPT is not set\nCONFIG_PREEMPT_DYNAMIC=y\n";
    private static final String FULL = "# CONFIG_PREEMPT_NONE is not set\nCONFIG_PREEMPT=y\n";

    @Test
    void configurationDecides() {
        assertThat(HostPreemption.of("quiet", NONE)).isEqualTo("none");
        assertThat(HostPreemption.of("quiet", FULL)).isEqualTo("full");
    }

    @Test
    void commandLineWinsOverIt() {
        assertThat(HostPreemption.of("quiet preempt=full", NONE)).isEqualTo("full");
        assertThat(HostPreemption.of("preempt=voluntary quiet", FULL)).isEqualTo("none");
    }

    @Test
    void kernelThatDoesNotTellIsTakenForAPreemptibleOne() {
        assertThat(HostPreemption.of("", "")).isEqualTo("full");
    }
}
