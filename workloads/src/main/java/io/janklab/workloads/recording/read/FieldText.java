package io.janklab.workloads.recording.read;

/// An event's text as named fields: `key=value`, `key: value`, separated by blanks or commas. Values are decimal, or hexadecimal with `0x`.
/// A task's name may hold what looks like a field: the last field of a name counts, except where a name of a task begins.
final class FieldText {
    private final String text;
    private final int from;
    private final int to;
    private final Names names;

    /// The fields of the event whose line that is.
    FieldText(LineHead head) {
        this(head, head.details, head.line.length());
    }

    /// Those that begin in a part of it.
    FieldText(LineHead head, int from, int to) {
        this.text = head.line;
        this.from = from;
        this.to = to;
        this.names = head.names;
    }

    /// Where the value of the last `key` begins; −1 if there is no such field.
    private int findLast(String key) {
        int last = -1;
        for (int at = text.indexOf(key, from); at >= 0 && at < to; at = text.indexOf(key, at + key.length())) {
            last = Math.max(last, value(key, at));
        }
        return last;
    }

    private int findFirst(String key) {
        for (int at = text.indexOf(key, from); at >= 0 && at < to; at = text.indexOf(key, at + 1)) {
            int value = value(key, at);
            if (value >= 0) {
                return value;
            }
        }
        return -1;
    }

    /// Where the value begins of the field whose key is there; −1 if it is none.
    private int value(String key, int at) {
        int after = at + key.length();
        boolean begins = at == from || !isNamePart(text.charAt(at - 1));
        if (!begins || after >= text.length() || (text.charAt(after) != '=' && text.charAt(after) != ':')) {
            return -1;
        }
        int value = after + 1;
        while (value < text.length() && text.charAt(value) == ' ') {
            value++;
        }
        return value;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    boolean has(String key) {
        return findLast(key) >= 0;
    }

    /// `unknown` if there is no such field or it is no number.
    long number(String key, long unknown) {
        int at = findLast(key);
        return at < 0 ? unknown : numberAt(text, at, unknown);
    }

    /// A number that is hexadecimal with `0x` and without; −1 if it is none.
    long hex(String key) {
        int at = findLast(key);
        return at < 0 ? -1 : hexAt(text, at, -1);
    }

    /// A hexadecimal number there, with `0x` or without; `unknown` if it is none.
    static long hexAt(String text, int at, long unknown) {
        return digitsAt(text, text.startsWith("0x", at) ? at + 2 : at, 16, false, unknown);
    }

    /// Up to the next blank, comma or bracket; empty if there is none.
    String word(String key) {
        int at = findLast(key);
        return at < 0 ? "" : names.of(text, at, wordEnd(text, at));
    }

    /// A value that may have blanks in it, such as a thread's name: up to the last ` before=`; the rest if that does not follow.
    String until(String key, String before) {
        int at = findFirst(key);
        if (at < 0) {
            return "";
        }
        int end = to;
        for (int next = text.indexOf(before, at); next >= 0 && next < to; next = text.indexOf(before, next + before.length())) {
            int after = next + before.length();
            if (text.charAt(next - 1) == ' ' && after < text.length() && text.charAt(after) == '=') {
                end = next - 1;
            }
        }
        while (end > at && text.charAt(end - 1) == ' ') {
            end--;
        }
        return names.of(text, at, end);
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
