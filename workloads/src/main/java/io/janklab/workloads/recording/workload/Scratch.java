package io.janklab.workloads.recording.workload;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Memory outside the Java heap for what grows with a recording. The first of it is plain memory; the rest is a mapped file without a name
/// (in `java.io.tmpdir`), which the kernel may write back and which is gone with the process, however that ends. It is released when
/// nothing refers to it any more.
///
/// Caveat: for one thread at a time.
public final class Scratch {
    private static final int FIRST_BYTES = 1 << 20;
    private static final int NEXT_BYTES = 1 << 24;
    /// Zeros are written before they are mapped: a full file system is then an error of writing, not a fault of an access.
    private static final int ZEROS = 1 << 20;

    private final Arena arena = Arena.ofAuto();
    private @Nullable MemorySegment part;
    private long used;
    private @Nullable FileChannel file;

    /// `bytes` zero bytes in one piece, at most 1 MiB.
    ///
    /// @throws BadInput if the file system has no room
    MemorySegment allocate(int bytes) {
        if (part == null || part.byteSize() - used < bytes) {
            part = part == null ? arena.allocate(FIRST_BYTES, Long.BYTES) : next();
            used = 0;
        }
        MemorySegment piece = part.asSlice(used, bytes);
        used += bytes;
        return piece;
    }

    private MemorySegment next() {
        try {
            FileChannel channel = file == null ? unnamed() : file;
            file = channel;
            long end = channel.size();
            ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
            for (long at = end; at < end + NEXT_BYTES; at += ZEROS) {
                channel.write(zeros.rewind(), at);
            }
            return channel.map(MapMode.READ_WRITE, end, NEXT_BYTES, arena);
        } catch (IOException e) {
            throw new BadInput("the recording needs more room in " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage() + ".");
        }
    }

    private static FileChannel unnamed() throws IOException {
        Path path = Files.createTempFile("janklab-", ".scratch");
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(path);
        }
    }
}
