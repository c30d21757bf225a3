package io.janklab.allocator.scudo;

import io.janklab.allocator.Conf;
import io.janklab.allocator.Purger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Scudo's options as Android has them, by the names of `SCUDO_OPTIONS` and `mallopt` in lower case, and the purger. Immutable.
public final class ScudoOptions {
    private static final long LONGEST_INTERVAL_MS = 1_000_000_000;

    /// An option with a number, with Android's default and bounds. Intervals alone may be longer, as a what-if: Android's build holds them
    /// at a second (`MaxReleaseToOsIntervalMs`).
    public enum Key {
        RELEASE_TO_OS_INTERVAL_MS(1000, -1, LONGEST_INTERVAL_MS),
        SECONDARY_RELEASE_TO_OS_INTERVAL_MS(0, -1, LONGEST_INTERVAL_MS),
        MAX_CACHE_ENTRIES_COUNT(32, 0, 256),
        MAX_CACHE_ENTRY_SIZE(2 << 20, 0, Long.MAX_VALUE),
        MAX_TSDS_COUNT(2, 1, 8);

        private final long defaultValue;
        private final long min;
        private final long max;

        Key(long defaultValue, long min, long max) {
            this.defaultValue = defaultValue;
            this.min = min;
            this.max = max;
        }

        /// The name in text: `release_to_os_interval_ms`.
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final long[] values;
    private final Purger purger;

    private ScudoOptions(long[] values, Purger purger) {
        this.values = values;
        this.purger = purger;
    }

    /// `AndroidNormalConfig`.
    public static ScudoOptions android() {
        return new ScudoOptions(Stream.of(Key.values()).mapToLong(key -> key.defaultValue).toArray(), Purger.TICKING_THREAD);
    }

    /// These options with some changed: `release_to_os_interval_ms:100,purger:heap-task-daemon`.
    ///
    /// @throws IllegalArgumentException for an unknown key or a bad value
    public ScudoOptions with(String conf) {
        ScudoOptions options = this;
        for (Conf.Pair pair : Conf.pairs(conf)) {
            options = pair.key().equals("purger") ? options.with(Purger.parse(pair.value())) : options.with(find(pair.key()), pair.value());
        }
        return options;
    }

    private ScudoOptions with(Key key, String text) {
        long[] copy = values.clone();
        copy[key.ordinal()] = Conf.number(key.key(), text, key.min, key.max);
        return new ScudoOptions(copy, purger);
    }

    private static Key find(String name) {
        return Stream.of(Key.values())
                .filter(key -> key.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scudo has no option '" + name + "', only " + names()));
    }

    private static String names() {
        return Stream.of(Key.values()).map(Key::key).collect(Collectors.joining(", ")) + " and purger";
    }

    public ScudoOptions with(Purger newPurger) {
        return new ScudoOptions(values, newPurger);
    }

    public long number(Key key) {
        return values[key.ordinal()];
    }

    public Purger purger() {
        return purger;
    }

    /// Whether the thread that frees a block releases pages, as in Scudo.
    boolean ticks() {
        return purger == Purger.TICKING_THREAD;
    }

    /// Every option as text that [#with] reads back.
    @Override
    public String toString() {
        String numbers = Stream.of(Key.values()).map(key -> key.key() + ":" + number(key)).collect(Collectors.joining(","));
        return numbers + ",purger:" + purger.key();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScudoOptions options && Arrays.equals(options.values, values) && options.purger == purger;
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(values), purger);
    }
}
