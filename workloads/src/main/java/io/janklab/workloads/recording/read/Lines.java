package io.janklab.workloads.recording.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A text's lines, one after the other in constant memory: bytes of a line beyond [#LONGEST] are dropped.
final class Lines {
    static final int LONGEST = 1 << 16;
    /// UTF-8's, as ISO 8859-1: text from Windows may begin with it.
    static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private byte[] line = new byte[512];
    private int at;
    private int end;
    private long number;

    Lines(InputStream in) {
        this.in = in;
    }

    /// The next line without its end; null after the last.
    @Nullable String next() throws IOException {
        int length = 0;
        boolean any = false;
        while (at < end || fill()) {
            any = true;
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            length = append(from, at - from, length);
            if (at < end) {
                at++;
                break;
            }
        }
        if (!any) {
            return null;
        }
        number++;
        int from = number == 1 && hasMark(length) ? BYTE_ORDER_MARK.length() : 0;
        int to = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    private boolean hasMark(int length) {
        return length >= BYTE_ORDER_MARK.length()
                && new String(line, 0, BYTE_ORDER_MARK.length(), StandardCharsets.ISO_8859_1).equals(BYTE_ORDER_MARK);
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private int append(int from, int count, int length) {
        int kept = Math.min(count, LONGEST - length);
        while (line.length < length + kept) {
            line = java.util.Arrays.copyOf(line, line.length * 2);
        }
        System.arraycopy(buffer, from, line, length, kept);
        return length + kept;
    }

    /// Of the line that [#next] returned last, from 1 on.
    long number() {
        return number;
    }
}
