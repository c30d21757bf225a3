package io.janklab.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapOptionsTest {
    @Test
    void defaultsAreJemallocs() {
        HeapOptions options = HeapOptions.jemalloc();
        assertThat(options.flag(HeapOption.TCACHE)).isTrue();
        assertThat(options.number(HeapOption.TCACHE_MAX)).isEqualTo(32_768);
        assertThat(options.number(HeapOption.DIRTY_DECAY_MS)).isEqualTo(10_000);
        assertThat(options.number(HeapOption.MUZZY_DECAY_MS)).isZero();
        assertThat(options.number(HeapOption.OVERSIZE_THRESHOLD)).isEqualTo(8 << 20);
        assertThat(options.purger()).isEqualTo(Purger.TICKING_THREAD);
    }

    @Test
    void laterPairsWin() {
        assertThat(HeapOptions.parse("narenas:1,narenas:3").number(HeapOption.NARENAS)).isEqualTo(3);
    }

    @Test
    void jemallocsOwnSpellingsAreUnderstood() {
        assertThat(HeapOptions.parse("background_thread:true").purger()).isEqualTo(Purger.BACKGROUND_THREAD);
        assertThat(HeapOptions.parse("lg_tcache_max:16").number(HeapOption.TCACHE_MAX)).isEqualTo(65_536);
        assertThat(HeapOptions.parse("narenas:default").number(HeapOption.NARENAS)).isZero();
        assertThat(HeapOptions.parse("bin_shards:1-160:16|129-512:4").binShards())
                .containsExactly(new HeapOptions.BinShards(1, 160, 16), new HeapOptions.BinShards(129, 512, 4));
    }

    @Test
    void whatIsNotModelledMayStandAtItsDefault() {
        assertThat(HeapOptions.parse("hpa:false,percpu_arena:disabled,stats_print:false").toString())
                .isEqualTo(HeapOptions.jemalloc().toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeapOptions.parse("hpa:true"))
                .withMessage("heap option hpa is not modelled: leave it out, or at jemalloc's 'false'");
    }

    @Test
    void emptyTextChangesNothing() {
        assertThat(HeapOptions.parse(" ").toString()).isEqualTo(HeapOptions.jemalloc().toString());
    }

    @Test
    void textReadsBackAsTheSameOptions() {
        HeapOptions options = HeapOptions.jemallocAndroid().with("purger:heap-task-daemon,purge_lazy:dontneed,bin_shards:8-64:2");
        assertThat(HeapOptions.parse(options.toString()).toString()).isEqualTo(options.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "narenas", ":1", "narenas:", "narenas:-1", "narenas:many", "tcache:yes", "tcache_max:99999999", "dirty_decay_ms:-2",
        "lg_tcache_max:24", "bin_shards:1-2", "bin_shards:5-2:3", "bin_shards:1-2:65", "background_thread:1", "purger:nobody",
        "no_such_option:1", "narenas:1,,tcache:true"
    })
    void badTextIsRefusedInOneSentence(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeapOptions.parse(text))
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }
}
