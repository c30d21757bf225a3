package io.janklab.workloads.recording.read;

/// An event's text as named fields: `key=value`, `key: value`, separated by blanks or commas. Values are decimal, or hexadecimal with `0x`.
final class FieldText {
    private final String text;

    FieldText(String text) {
        this.text = text;
    }

    /// Where the value of `key` begins; −1 if there is no such field.
    private int find(String key) {
        for (int at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
            int after = at + key.length();
            boolean begins = at == 0 || !isNamePart(text.charAt(at - 1));
            if (begins && after < text.length() && (text.charAt(after) == '=' || text.charAt(after) == ':')) {
                int value = after + 1;
                while (value < text.length() && text.charAt(value) == ' ') {
                    value++;
                }
                return value;
            }
        }
        return -1;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    boolean has(String key) {
        return find(key) >= 0;
    }

    /// `unknown` if there is no such field or it is no number.
    long number(String key, long unknown) {
        int at = find(key);
        return at < 0 ? unknown : numberAt(text, at, unknown);
    }

    /// Up to the next blank, comma or bracket; empty if there is none.
    String word(String key) {
        int at = find(key);
        return at < 0 ? "" : text.substring(at, wordEnd(text, at));
    }

    /// Up to ` before=`, for values with blanks in them, such as names of threads; the rest if that does not follow.
    String until(String key, String before) {
        int at = find(key);
        if (at < 0) {
            return "";
        }
        int end = text.indexOf(" " + before + "=", at);
        return (end < 0 ? text.substring(at) : text.substring(at, end)).trim();
    }

    private static int wordEnd(String text, int from) {
        int at = from;
        while (at < text.length() && " ,()".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /// The number that begins there, whatever follows it.
    static long numberAt(String text, int from, long unknown) {
        int at = from;
        boolean negative = at < text.length() && text.charAt(at) == '-';
        if (negative) {
            at++;
        }
        boolean hex = text.startsWith("0x", at) || text.startsWith("0X", at);
        if (hex) {
            at += 2;
        }
        return digitsAt(text, at, hex ? 16 : 10, negative, unknown);
    }

    static long digitsAt(String text, int from, int radix, boolean negative, long unknown) {
        long value = 0;
        int at = from;
        for (; at < text.length(); at++) {
            int digit = Character.digit(text.charAt(at), radix);
            if (digit < 0) {
                break;
            }
            value = value * radix + digit;
        }
        if (at == from || at - from > 20) {
            return unknown;
        }
        return negative ? -value : value;
    }
}
