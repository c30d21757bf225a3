package io.janklab.workloads.input;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The comments of a YAML file on its keys. A comment describes the keys below it up to the next comment, empty line or section.
final class Comments {
    private Comments() {}

    /// @param settings of that text
    /// @return by key, in the file's order; empty where nothing is said
    static Map<String, String> of(Settings settings, String text) {
        List<String> lines = text.lines().toList();
        Map<String, String> comments = new LinkedHashMap<>();
        for (String key : settings.keys()) {
            comments.put(key, above(lines, settings.line(key) - 1));
        }
        return comments;
    }

    /// @param index of the key's own line
    private static String above(List<String> lines, int index) {
        int last = index - 1;
        while (last >= 0 && !isComment(lines, last) && !lines.get(last).isBlank() && !opensSection(lines, last)) {
            last--;
        }
        if (last >= 0 && !isComment(lines, last) && opensSection(lines, last)) {
            return above(lines, last);
        }
        int first = last;
        while (first > 0 && isComment(lines, first - 1)) {
            first--;
        }
        StringBuilder comment = new StringBuilder();
        for (int i = first; i <= last && i >= 0 && isComment(lines, i); i++) {
            String words = lines.get(i).strip().replaceFirst("^#\\s*", "");
            comment.append(comment.isEmpty() || words.isEmpty() ? "" : " ").append(words);
        }
        return comment.toString();
    }

    private static boolean isComment(List<String> lines, int index) {
        return lines.get(index).strip().startsWith("#");
    }

    private static boolean opensSection(List<String> lines, int index) {
        return lines.get(index).strip().endsWith(":");
    }
}
