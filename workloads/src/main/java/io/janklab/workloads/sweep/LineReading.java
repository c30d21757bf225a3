package io.janklab.workloads.sweep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/// Reads a line of a file whose place is known.
final class LineReading {
    private static final int USUAL = 2048;

    private LineReading() {}

    /// The line that begins at `offset`, without its end; the channel's position stays.
    ///
    /// @throws IOException if it has no end
    static byte[] at(FileChannel channel, long offset) throws IOException {
        for (int size = USUAL; ; size *= 2) {
            ByteBuffer buffer = ByteBuffer.allocate(size);
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
                // Until it is full, or the file ends.
            }
            for (int i = 0; i < buffer.position(); i++) {
                if (buffer.get(i) == '\n') {
                    return Arrays.copyOf(buffer.array(), i);
                }
            }
            if (buffer.hasRemaining()) {
                throw new IOException("the line at " + offset + " has no end");
            }
        }
    }
}
