package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.input.BadInput;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardTest {
    @Test
    void indexIsThePodsUnlessItIsGiven() {
        Map<String, String> pod = Map.of("JOB_COMPLETION_INDEX", "5");

        assertThat(Shard.parse("8", pod)).isEqualTo(Shard.parse("/8", pod)).isEqualTo(new Shard(5, 8));
        assertThat(Shard.parse("0/8", pod)).isEqualTo(new Shard(0, 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8/8", "1/0", "x/2", "-1/2", "", "1/2/3", "8"})
    void whatIsNoShardIsRefused(String text) {
        assertThatThrownBy(() -> Shard.parse(text, Map.of())).isInstanceOf(BadInput.class).hasMessageContaining("--shard");
    }

    @Test
    void everyRunIsInOneShard() {
        List<Shard> shards = List.of(new Shard(0, 3), new Shard(1, 3), new Shard(2, 3));

        assertThat(IntStream.range(0, 100)).allMatch(run -> shards.stream().filter(shard -> shard.has(run)).count() == 1);
    }
}
