package io.janklab.workloads.input;

import java.util.Locale;

/// A word of a printed command: bash and zsh read the text back exactly, and it is shown as [OneLine] shows names.
public final class ShellWord {
    private static final String PLAIN = "[\\w@%+=:,./-]+";
    private static final int END_OF_ASCII = 0x80;
    private static final int END_OF_BMP = 0x10000;

    private ShellWord() {}

    /// As it is, `'in quotes'`, or `$'with\x1bescapes'` where a character is not visible as itself.
    public static String of(String text) {
        if (text.matches(PLAIN)) {
            return text;
        }
        if (text.codePoints().allMatch(OneLine::isShown)) {
            return "'" + text.replace("'", "'\\''") + "'";
        }
        StringBuilder word = new StringBuilder("$'");
        text.codePoints().forEach(character -> append(word, character));
        return word.append('\'').toString();
    }

    private static void append(StringBuilder word, int character) {
        if (character == '\'' || character == '\\') {
            word.append('\\').appendCodePoint(character);
        } else if (OneLine.isShown(character)) {
            word.appendCodePoint(character);
        } else if (character < END_OF_ASCII) {
            word.append(String.format(Locale.ROOT, "\\x%02x", character));
        } else {
            word.append(String.format(Locale.ROOT, character < END_OF_BMP ? "\\u%04x" : "\\U%08x", character));
        }
    }
}
