package io.janklab.workloads.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text from outside, such as names in zips, option values, keys, thread names and paths, as it may be shown: on one line, nothing in it
/// that a terminal would obey or that would change the reading order, and of limited length.
public final class OneLine {
    /// Characters of a name.
    public static final int LONGEST = 80;
    /// Characters of a message.
    private static final int LONGEST_SENTENCE = 1_000;
    private static final Pattern LONG_QUOTE = Pattern.compile("(?<=')[^']{" + (LONGEST + 1) + ",}(?=')");
    private static final Pattern LONG_WORD = Pattern.compile("[^\\s']{" + (LONGEST + 1) + ",}");

    private OneLine() {}

    /// A name: escaped, at most [#LONGEST] characters.
    public static String of(String text) {
        return shortened(escaped(text), LONGEST);
    }

    /// The lines of a text file, escaped, with blanks for tabs.
    ///
    /// @throws IOException if it cannot be read, or is no UTF-8
    public static List<String> linesOf(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(line -> escaped(line.replace('\t', ' '))).toList();
    }

    /// A message that quotes text from outside: escaped, with every long quotation and word shortened in its middle.
    public static String sentence(String text) {
        String quotes = LONG_QUOTE.matcher(escaped(text)).replaceAll(found -> quoted(found.group()));
        String words = LONG_WORD.matcher(quotes).replaceAll(found -> quoted(found.group()));
        return shortened(words, LONGEST_SENTENCE);
    }

    private static String quoted(String text) {
        return Matcher.quoteReplacement(shortened(text, LONGEST));
    }

    private static String shortened(String text, int longest) {
        int half = longest / 2;
        return text.length() <= longest ? text : text.substring(0, half) + "…" + text.substring(text.length() - half + 1);
    }

    /// With `\n` for a line's end, and `\x{202e}` for other characters that are not visible as themselves.
    public static String escaped(String text) {
        if (text.chars().allMatch(character -> character >= ' ' && character <= '~')) {
            return text;
        }
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(character -> append(line, character));
        return line.toString();
    }

    private static void append(StringBuilder line, int character) {
        switch (character) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (isShown(character)) {
                    line.appendCodePoint(character);
                } else {
                    line.append("\\x{").append(Integer.toHexString(character)).append('}');
                }
            }
        }
    }

    static boolean isShown(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE,
                    Character.PRIVATE_USE, Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
