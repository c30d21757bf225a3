package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.input.BadInput;
import org.junit.jupiter.api.Test;

final class FailureTest {
    @Test
    void whatEndsARunSaysWhatKindOfFailureItIs() {
        assertThat(Failure.of(new OutOfMemoryError()).kind()).isEqualTo(Failure.Kind.MEMORY);
        assertThat(Failure.of(new BadInput("No."))).isEqualTo(new Failure(Failure.Kind.INPUT, "No."));
        assertThat(Failure.of(new Deadline.Passed(1_500_000_000)))
                .isEqualTo(new Failure(Failure.Kind.TIME, "The run took longer than 1.5 s."));
        assertThat(Failure.of(new IllegalStateException()))
                .isEqualTo(new Failure(Failure.Kind.INTERNAL, "IllegalStateException: no message"));
    }
}
