package io.janklab.allocator.netty;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file to read buffers from and write them to.
final class ScratchFile implements Closeable {
    private final Path path;
    private final FileChannel channel;
    private final FileChannel closed;

    ScratchFile(Path path) throws IOException {
        this.path = path;
        this.channel = open();
        this.closed = open();
        closed.close();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /// Its channel, at its beginning, with these contents.
    FileChannel holding(byte[] contents) throws IOException {
        channel.truncate(0).write(ByteBuffer.wrap(contents));
        return channel.position(0);
    }

    /// A channel that has been closed.
    FileChannel closed() {
        return closed;
    }

    byte[] contents() throws IOException {
        return Files.readAllBytes(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
