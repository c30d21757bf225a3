package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads an append-only file, a line at a time; text after the last line's end was never finished.
public final class WholeLines {
    /// Far more than a line of a journal can need.
    private static final int LONGEST = 16 << 20;
    private static final int BLOCK = 1 << 18;

    private final String file;
    private final Reader reader;
    /// The beginning of a line whose end has not been seen.
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private long whole;
    private long number = 1;

    /// Takes a line.
    @FunctionalInterface
    public interface Reader {
        /// @param number from 1 on
        /// @param offset where it begins
        /// @param line without its end
        void read(long number, long offset, byte[] line);
    }

    private WholeLines(String file, Reader reader) {
        this.file = file;
        this.reader = reader;
    }

    /// Passes every whole line to `reader`; `octets` stays open.
    ///
    /// @param file for messages
    /// @return how many bytes of the file are whole lines
    /// @throws BadInput if a line is too long
    public static long read(String file, InputStream octets, Reader reader) throws IOException {
        WholeLines lines = new WholeLines(file, reader);
        byte[] block = new byte[BLOCK];
        for (int length = octets.read(block); length >= 0; length = octets.read(block)) {
            lines.take(block, length);
        }
        return lines.whole;
    }

    private void take(byte[] block, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                begun.write(block, from, i - from);
                from = i + 1;
                checkLength();
                long offset = whole;
                whole += begun.size() + 1;
                reader.read(number++, offset, begun.toByteArray());
                begun.reset();
            }
        }
        begun.write(block, from, length - from);
        checkLength();
    }

    private void checkLength() {
        if (begun.size() > LONGEST) {
            throw BadInput.at(file, number, "this line has more than " + LONGEST + " bytes.");
        }
    }
}
