package io.janklab.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The names that programs give to anonymous memory, valid and invalid, each with the word for it in a program.
public final class AnonNames {
    public static final long NONE = 0;

    private static final Map<String, String> BY_WORD = new TreeMap<>(Map.of(
            "empty", "",
            "heap", "heap",
            "jit", "dalvik-jit-code-cache",
            "longest", "n".repeat(79),
            "too-long", "n".repeat(80),
            "unfit", "a[b]"));
    private static final List<String> WORDS = new ArrayList<>(BY_WORD.keySet());

    static {
        WORDS.addFirst("none");
    }

    private AnonNames() {}

    public static int count() {
        return WORDS.size();
    }

    /// The name itself; null removes a name.
    public static @Nullable String name(long value) {
        return BY_WORD.get(WORDS.get((int) value));
    }

    static String format(long value) {
        return WORDS.get((int) value);
    }

    /// @throws NumberFormatException if there is no name for that word
    static long parse(String word) {
        int value = WORDS.indexOf(word);
        if (value < 0) {
            throw new NumberFormatException(word);
        }
        return value;
    }
}
