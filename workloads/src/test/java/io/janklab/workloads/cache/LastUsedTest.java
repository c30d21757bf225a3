package io.janklab.workloads.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LastUsedTest {
    private final LastUsed<String, Integer> values = new LastUsed<>(2);

    @Test
    void theOneUsedLongestAgoGoesFirst() {
        values.put("a", 1);
        values.put("b", 2);
        values.get("a");
        values.put("c", 3);
        assertThat(values.get("b")).isNull();
        assertThat(values.get("a")).isEqualTo(1);
        assertThat(values.size()).isEqualTo(2);
    }

    @Test
    void whatCameFirstIsKept() {
        assertThat(values.putIfAbsent("a", 1)).isEqualTo(1);
        assertThat(values.putIfAbsent("a", 2)).isEqualTo(1);
    }
}
