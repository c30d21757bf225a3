package io.janklab.workloads.host.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostCoresTest {
    @Test
    void coresAreTheCpusThatTheProcessMayUse() {
        assertThat(HostCores.allowed("Name:\tjava\nCpus_allowed_list:\t0-2,5,130-131\nMems_allowed_list:\t0\n"))
                .containsExactly(0, 1, 2, 5, 130, 131);
    }

    @Test
    void whereNoneAreToldJavasCountHolds() {
        assertThat(HostCores.allowed("")).hasSize(Runtime.getRuntime().availableProcessors()).startsWith(0);
    }

    @Test
    void maskHoldsCpusBeyondTheFirstWord() {
        long[] mask = HostCores.mask(List.of(1, 64, 130));
        assertThat(mask).hasSize(16).startsWith(2, 1, 4);
    }
}
