package io.janklab.allocator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A value for every [HeapOption], and shards per bin. Immutable.
public final class HeapOptions {
    private static final HeapOption[] OPTIONS = HeapOption.values();
    private static final String ANDROID =
            "narenas:2,dirty_decay_ms:0,muzzy_decay_ms:0,tcache_nslots_small_max:8,tcache_nslots_large:16,tcache_max:65536";

    /// The number of shards, each with its own lock and slabs, of the small classes of `fromSize` to `toSize` bytes (`bin_shards`).
    public record BinShards(long fromSize, long toSize, int shards) {
        public BinShards {
            if (fromSize > toSize || shards < 1 || shards > 64) {
                throw new IllegalArgumentException("heap option bin_shards takes from-to:shards with 1 to 64 shards");
            }
        }
    }

    private final long[] values;
    private final List<BinShards> binShards;
    /// Null for jemalloc's own.
    private final @Nullable Supplier<? extends PurgePolicy> purging;

    private HeapOptions(long[] values, List<BinShards> binShards, @Nullable Supplier<? extends PurgePolicy> purging) {
        this.values = values;
        this.binShards = binShards;
        this.purging = purging;
    }

    /// jemalloc 5.3.0's defaults.
    public static HeapOptions jemalloc() {
        long[] values = new long[OPTIONS.length];
        for (HeapOption option : OPTIONS) {
            values[option.ordinal()] = option.defaultValue();
        }
        return new HeapOptions(values, List.of(), null);
    }

    /// As bionic builds jemalloc (`external/jemalloc_new`): two arenas, small caches, purging at once.
    /// `mallopt(M_DECAY_TIME, 1)` is `with("dirty_decay_ms:1000,muzzy_decay_ms:1000")`.
    public static HeapOptions jemallocAndroid() {
        return jemalloc().with(ANDROID);
    }

    /// jemalloc's defaults with a `MALLOC_CONF` string applied: `narenas:1,tcache:false`.
    ///
    /// @throws IllegalArgumentException for an unknown key or a bad value
    public static HeapOptions parse(String conf) {
        return jemalloc().with(conf);
    }

    /// These options with a `MALLOC_CONF` string applied.
    ///
    /// @throws IllegalArgumentException for an unknown key or a bad value
    public HeapOptions with(String conf) {
        HeapOptions options = this;
        for (Conf.Pair pair : Conf.pairs(conf)) {
            options = options.with(pair.key(), pair.value());
        }
        return options;
    }

    private HeapOptions with(String key, String text) {
        return switch (key) {
            case "background_thread" -> with(HeapOption.PURGER, purgerOf(text).ordinal());
            case "lg_tcache_max" -> with(HeapOption.TCACHE_MAX, HeapOption.TCACHE_MAX.parse(powerOfTwo(text)));
            case "bin_shards" -> new HeapOptions(values, parseBinShards(text), purging);
            case "narenas" -> with(HeapOption.NARENAS, text.equals("default") ? 0 : HeapOption.NARENAS.parse(text));
            default -> {
                if (UnmodelledOptions.has(key)) {
                    UnmodelledOptions.check(key, text);
                    yield this;
                }
                HeapOption option = find(key);
                yield with(option, option.parse(text));
            }
        };
    }

    private static Purger purgerOf(String backgroundThread) {
        return switch (backgroundThread) {
            case "true" -> Purger.BACKGROUND_THREAD;
            case "false" -> Purger.TICKING_THREAD;
            default -> throw new IllegalArgumentException(
                    "heap option background_thread takes false or true, not '" + backgroundThread + "'");
        };
    }

    private static String powerOfTwo(String exponent) {
        if (!exponent.matches("\\d|1\\d|2[0-3]")) {
            throw new IllegalArgumentException("heap option lg_tcache_max takes a whole number from 0 to 23, not '" + exponent + "'");
        }
        return Long.toString(1L << Integer.parseInt(exponent));
    }

    private static List<BinShards> parseBinShards(String text) {
        List<BinShards> ranges = new ArrayList<>();
        for (String range : text.split("\\|")) {
            String[] numbers = range.split("[-:]");
            if (!range.matches("\\d{1,9}-\\d{1,9}:\\d{1,3}")) {
                throw new IllegalArgumentException("heap option bin_shards takes from-to:shards|from-to:shards, not '" + text + "'");
            }
            ranges.add(new BinShards(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Integer.parseInt(numbers[2])));
        }
        return List.copyOf(ranges);
    }

    private static HeapOption find(String key) {
        for (HeapOption option : OPTIONS) {
            if (option.key().equals(key)) {
                return option;
            }
        }
        throw new IllegalArgumentException("there is no heap option '" + key + "'");
    }

    private HeapOptions with(HeapOption option, long value) {
        long[] copy = values.clone();
        copy[option.ordinal()] = value;
        return new HeapOptions(copy, binShards, purging);
    }

    public HeapOptions with(Purger purger) {
        return with(HeapOption.PURGER, purger.ordinal());
    }

    /// These options with a purge policy of the user's own, of which each arena gets a fresh instance.
    public HeapOptions with(Supplier<? extends PurgePolicy> policy) {
        return new HeapOptions(values, binShards, policy);
    }

    /// A fresh instance of the user's purge policy; null for jemalloc's rules.
    public @Nullable PurgePolicy purgePolicy() {
        return purging == null ? null : purging.get();
    }

    public long number(HeapOption option) {
        return values[option.ordinal()];
    }

    public int integer(HeapOption option) {
        return Math.toIntExact(number(option));
    }

    public boolean flag(HeapOption option) {
        return option.text(number(option)).equals("true");
    }

    /// Whether the option's word is `word`.
    public boolean is(HeapOption option, String word) {
        return option.text(number(option)).equals(word);
    }

    public Purger purger() {
        return Purger.values()[integer(HeapOption.PURGER)];
    }

    /// In the order given; a later range overrides an earlier one.
    public List<BinShards> binShards() {
        return binShards;
    }

    /// Every option as a `MALLOC_CONF` string that [#parse] reads back.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (HeapOption option : OPTIONS) {
            text.append(option.key()).append(':').append(option.text(number(option))).append(',');
        }
        if (binShards.isEmpty()) {
            return text.substring(0, text.length() - 1);
        }
        String ranges = binShards.stream()
                .map(range -> range.fromSize() + "-" + range.toSize() + ":" + range.shards())
                .collect(Collectors.joining("|"));
        return text.append("bin_shards:").append(ranges).toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeapOptions options && Arrays.equals(options.values, values) && options.binShards.equals(binShards)
                && options.purging == purging;
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(values), binShards, purging);
    }
}
