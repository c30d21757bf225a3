package io.janklab.allocator;

import java.util.List;
import java.util.stream.Stream;

/// Options in text as `MALLOC_CONF` has them: `key:value,key:value`. Errors are an [IllegalArgumentException] of one sentence.
public final class Conf {
    /// One option, not yet understood.
    public record Pair(String key, String value) {}

    private Conf() {}

    /// The options in order; none in a blank text.
    public static List<Pair> pairs(String conf) {
        return conf.isBlank() ? List.of() : Stream.of(conf.strip().split(",")).map(Conf::pair).toList();
    }

    private static Pair pair(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("heap options look like key:value,key:value, not '" + text + "'");
        }
        return new Pair(text.substring(0, colon), text.substring(colon + 1));
    }

    /// The number in an option's text.
    public static long number(String key, String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of range.
        }
        throw bad(key, text, "a whole number from " + min + " to " + max);
    }

    public static IllegalArgumentException bad(String key, String text, String expected) {
        return new IllegalArgumentException("heap option " + key + " takes " + expected + ", not '" + text + "'");
    }
}
