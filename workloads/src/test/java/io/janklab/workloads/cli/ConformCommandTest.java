package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConformCommandTest {
    /// A comparison of nothing would agree.
    @ParameterizedTest
    @ValueSource(strings = {"--programs", "--calls", "--seconds", "--times"})
    void nothingToCompareIsBadInput(String option) {
        assertThat(CommandLineRun.bad("conform", option, "0")).contains(option + " takes a number from 1 on, not 0.");
    }
}
