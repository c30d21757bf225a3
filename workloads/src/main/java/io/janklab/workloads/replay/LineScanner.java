package io.janklab.workloads.replay;

import io.janklab.workloads.input.BadInput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Walks a text line by line and field by field without making objects. Fields are separated by single spaces.
final class LineScanner {
    private static final int FIRST_CAPACITY = 1 << 18;
    private static final int LONGEST_LINE = 1 << 16;
    private static final int SHOWN_IN_MESSAGE = 40;

    private final TraceFile file;
    private byte[] buffer = new byte[FIRST_CAPACITY];
    private int filled;
    private int nextLine;
    private int position;
    private int end;
    private long line;
    private long bytesRead;

    LineScanner(TraceFile file) {
        this.file = file;
    }

    /// Goes to the next line; false when there is none.
    boolean nextLine() {
        position = nextLine;
        int newline = indexOfNewline(position);
        while (newline < 0 && refill()) {
            newline = indexOfNewline(position);
        }
        end = newline < 0 ? filled : newline;
        nextLine = Math.min(end + 1, filled);
        if (position == filled) {
            return false;
        }
        line++;
        if (end > position && buffer[end - 1] == '\r') {
            end--;
        }
        return true;
    }

    private int indexOfNewline(int from) {
        byte[] bytes = buffer;
        for (int i = from; i < filled; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /// Moves the unfinished line to the front and reads more after it; false at the end of the file.
    private boolean refill() {
        if (filled - position > LONGEST_LINE) {
            line++;
            end = filled;
            throw expected("a line of at most " + LONGEST_LINE + " bytes");
        }
        System.arraycopy(buffer, position, buffer, 0, filled - position);
        filled -= position;
        position = 0;
        int got = file.read(buffer, filled);
        if (got < 0) {
            return false;
        }
        filled += got;
        bytesRead += got;
        return true;
    }

    /// Bytes of the file read so far.
    long bytesRead() {
        return bytesRead;
    }

    boolean atEndOfLine() {
        return position == end;
    }

    /// The next byte of this line without taking it, or 0 at its end.
    byte peek() {
        return position < end ? buffer[position] : 0;
    }

    /// Takes `wanted` if it comes next.
    boolean take(char wanted) {
        if (position < end && buffer[position] == wanted) {
            position++;
            return true;
        }
        return false;
    }

    /// Takes `word` if it comes next, followed by a space.
    boolean takeWord(byte[] word) {
        int after = position + word.length;
        if (after >= end || buffer[after] != ' ' || !Arrays.equals(buffer, position, after, word, 0, word.length)) {
            return false;
        }
        position = after + 1;
        return true;
    }

    /// Takes a decimal number up to 2^63 − 1.
    long decimal(String what) {
        int from = position;
        long value = 0;
        while (position < end && buffer[position] >= '0' && buffer[position] <= '9') {
            int digit = buffer[position++] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                position = from;
                throw expected(what + " below 2^63");
            }
            value = 10 * value + digit;
        }
        if (position == from) {
            throw expected(what);
        }
        return value;
    }

    /// Takes a pointer like `0xb6027400`, up to 64 bits.
    long pointer() {
        int from = position;
        long value = 0;
        if (take('0') && take('x')) {
            int digits = 0;
            for (int digit = hexDigit(); digit >= 0 && digits < 16; digit = hexDigit()) {
                value = value << 4 | digit;
                digits++;
                position++;
            }
            if (digits > 0 && hexDigit() < 0) {
                return value;
            }
        }
        position = from;
        throw expected("a pointer like 0xb6027400");
    }

    private int hexDigit() {
        int c = peek();
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    void space() {
        if (!take(' ')) {
            throw expected("a space");
        }
    }

    BadInput expected(String what) {
        String found = new String(buffer, position, Math.min(end - position, SHOWN_IN_MESSAGE), StandardCharsets.ISO_8859_1);
        return wrong("expected " + what + ", found " + (found.isEmpty() ? "the end of the line" : "'" + printable(found) + "'"));
    }

    BadInput wrong(String sentence) {
        return BadInput.at(file.name(), line, sentence + ".");
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
