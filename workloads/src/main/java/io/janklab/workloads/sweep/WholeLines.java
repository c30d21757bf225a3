package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Reads a file to which lines are appended, a line at a time; what stands behind the last line's end was never finished.
final class WholeLines {
    /// Far more than a line of a journal can need.
    private static final int LONGEST = 16 << 20;

    /// Takes a line.
    @FunctionalInterface
    interface Reader {
        /// @param number from 1 on
        void read(long number, String line);
    }

    private WholeLines() {}

    /// Hands every whole line to `reader`; `octets` stays open.
    ///
    /// @param file for messages
    /// @return how many bytes of the file are whole lines
    /// @throws BadInput if a line is too long
    static long read(Path file, InputStream octets, Reader reader) throws IOException {
        InputStream in = new BufferedInputStream(octets, 1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long whole = 0;
        long number = 1;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                whole += line.size() + 1;
                reader.read(number++, line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(octet);
                checkLength(file, number, line.size());
            }
        }
        return whole;
    }

    private static void checkLength(Path file, long number, int length) {
        if (length > LONGEST) {
            throw BadInput.at(file.toString(), number, "this line has more than " + LONGEST + " bytes.");
        }
    }
}
