package io.janklab.program;

/// 64-bit numbers as written by users: decimal or `0x…`, the whole unsigned range.
final class Numbers {
    private Numbers() {}

    /// @throws NumberFormatException if it is no number
    static long parse(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }
}
