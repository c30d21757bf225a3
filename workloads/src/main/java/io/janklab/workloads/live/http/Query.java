package io.janklab.workloads.live.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The query of a URL, as a browser's `URLSearchParams` writes it.
public final class Query {
    private Query() {}

    /// By name, in order; of several values of a name the last.
    ///
    /// @param raw undecoded; null for none
    /// @throws IllegalArgumentException if it is not well encoded
    public static SequencedMap<String, String> parse(String raw) {
        SequencedMap<String, String> values = new LinkedHashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    /// Characters outside escapes stand for themselves.
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
