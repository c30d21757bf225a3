package io.janklab.dashboards.measure.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FamilyNameTest {
    @ParameterizedTest
    @CsvSource({
        "binder:1234_A, binder",
        "hwuiTask0, hwuiTask",
        "Thread-12, Thread",
        "arena 0, arena",
        "Jit thread pool, Jit thread pool",
        "RenderThread, RenderThread",
        "12345, 12345",
        "name-, name-",
    })
    void familyIsTheNameWithoutItsNumber(String name, String family) {
        assertThat(FamilyName.of(name)).isEqualTo(family);
    }
}
