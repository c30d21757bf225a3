package io.janklab.workloads.live.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A state of the Explore page, as its URL has it: `litmus=fault-munmap&rule=vma-seq-recheck&kernel=7.2&arch=x86-64&strategy=pct:3`.
///
/// @param fields by name
public record LitmusQuestion(SequencedMap<String, String> fields) {
    /// The page's names of command-line options, where they differ.
    private static final Map<String, String> OPTIONS = Map.of("kernel", "--kernel", "arch", "--arch", "rule", "--without", "set", "--set",
            "strategy", "--strategy");

    /// The words after `janklab explore`.
    public List<String> words() {
        List<String> words = new ArrayList<>();
        fields.forEach((field, value) -> {
            if (field.equals("litmus")) {
                words.addFirst(value);
            } else if (OPTIONS.containsKey(field) && !value.isEmpty()) {
                words.add(OPTIONS.get(field) + "=" + value);
            }
        });
        return words;
    }
}
