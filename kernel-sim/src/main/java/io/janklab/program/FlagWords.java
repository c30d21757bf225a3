package io.janklab.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Names for the bits of a flags argument: `private|fixed|0x40`.
final class FlagWords {
    private final Map<String, Long> bits = new LinkedHashMap<>();

    FlagWords with(String word, long bit) {
        bits.put(word, bit);
        return this;
    }

    Set<String> all() {
        return bits.keySet();
    }

    String format(long flags) {
        List<String> words = new ArrayList<>();
        long rest = flags;
        for (Map.Entry<String, Long> named : bits.entrySet()) {
            if ((rest & named.getValue()) == named.getValue()) {
                words.add(named.getKey());
                rest &= ~named.getValue();
            }
        }
        if (rest != 0 || words.isEmpty()) {
            words.add("0x" + Long.toHexString(rest));
        }
        return String.join("|", words);
    }

    /// @throws NumberFormatException if a word is neither a name nor a number
    long parse(String text) {
        long flags = 0;
        for (String word : text.split("\\|")) {
            Long bit = bits.get(word);
            flags |= bit != null ? bit : Numbers.parse(word);
        }
        return flags;
    }
}
