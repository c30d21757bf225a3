package io.janklab.workloads.recording;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file mapped for reading, part of which is read as a stream, and part of which is taken as it lies there. It stays mapped as long as
/// something refers to it.
final class MappedInput extends InputStream {
    private final MemorySegment all;
    private long at;

    private MappedInput(MemorySegment all) {
        this.all = all;
    }

    static MappedInput open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new MappedInput(channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        }
    }

    /// The next `bytes` bytes.
    ///
    /// @throws EOFException if the file does not have so many
    MemorySegment take(long bytes) throws IOException {
        if (bytes < 0 || bytes > all.byteSize() - at) {
            throw new EOFException();
        }
        MemorySegment taken = all.asSlice(at, bytes);
        at += bytes;
        return taken;
    }

    @Override
    public int read() {
        return at == all.byteSize() ? -1 : all.get(ValueLayout.JAVA_BYTE, at++) & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        if (length == 0) {
            return 0;
        }
        int bytes = (int) Math.min(length, all.byteSize() - at);
        MemorySegment.copy(all, ValueLayout.JAVA_BYTE, at, into, from, bytes);
        at += bytes;
        return bytes == 0 ? -1 : bytes;
    }
}
