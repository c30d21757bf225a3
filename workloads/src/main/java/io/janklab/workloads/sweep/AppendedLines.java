package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FileTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.LongConsumer;

/// A file of lines that are only ever appended, so that a command that is killed loses only a line that was not yet complete. One command
/// at a time has it.
public final class AppendedLines implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    /// Bytes in whole lines.
    private long end;
    private final boolean torn;
    private LongConsumer watcher = whole -> {};

    private AppendedLines(Path file, FileChannel channel, long end, boolean torn) {
        this.file = file;
        this.channel = channel;
        this.end = end;
        this.torn = torn;
    }

    /// Reads what there is.
    @FunctionalInterface
    public interface Contents {
        /// @return how many of its bytes are whole lines
        /// @throws BadInput if any line does not belong there
        long read(InputStream octets) throws IOException;
    }

    /// Whether a file may be begun there: one whose first line was never completed holds nothing.
    ///
    /// @throws BadInput if that cannot be known
    public static boolean isFree(Path file) {
        try {
            return !Files.exists(file) || (Files.isRegularFile(file) && Files.size(file) == 0);
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    /// Begins one with that line.
    ///
    /// @param what its lines are of, for messages: `sweep`
    /// @param force to begin it in place of one that is there
    /// @throws BadInput if there is one already, another command writes it, or it cannot be written
    public static AppendedLines begin(Path file, String what, boolean force, byte[] first) {
        if (!force && !isFree(file)) {
            throw new BadInput(file + " is there already: --resume continues that " + what
                    + "; another --out, or --force, begins a new one.");
        }
        try {
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            FileChannel channel = lock(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            AppendedLines lines = new AppendedLines(file, channel, 0, false);
            lines.append(first);
            return lines;
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    /// Continues the existing one. An unfinished last line is cut off by the next, once everything before it has been read.
    ///
    /// @param what its lines are of, for messages: `sweep`
    /// @throws BadInput if there is none, it cannot be read, another command writes it, or a line does not belong there
    public static AppendedLines resume(Path file, String what, Contents contents) {
        if (!Files.isRegularFile(file)) {
            throw new BadInput("there is no " + what + " to resume: " + file + " is not there.");
        }
        try {
            return resume(file, contents);
        } catch (IOException e) {
            throw new BadInput("there is no " + what + " to resume: " + file + " cannot be read (" + FileTrouble.inWords(e) + ").");
        }
    }

    private static AppendedLines resume(Path file, Contents contents) throws IOException {
        FileChannel channel = lock(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            // By the channel that has the lock: POSIX would give that up when any other of the same file closed.
            long whole = contents.read(Channels.newInputStream(channel));
            return new AppendedLines(file, channel, whole, channel.size() > whole);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileChannel lock(Path file, StandardOpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(file, options);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Another command of this JVM's: reported below.
        }
        channel.close();
        throw new BadInput(file + " is being written by another command.");
    }

    /// Whether the last line was never finished when it was opened.
    public boolean isTorn() {
        return torn;
    }

    /// Reports how many of its bytes are in whole lines, now and whenever there are more.
    public void watch(LongConsumer newWatcher) {
        watcher = newWatcher;
        watcher.accept(end);
    }

    /// Bytes in whole lines: where the next begins.
    public long end() {
        return end;
    }

    /// The line that begins there, without its end.
    public byte[] at(long offset) throws IOException {
        return LineReading.at(channel, offset);
    }

    /// @param line with its end
    /// @throws BadInput if it cannot be written; the file then ends with the last whole line
    public void append(byte[] line) {
        try {
            channel.truncate(end);
            channel.position(end);
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
        end += line.length;
        watcher.accept(end);
    }

    private static BadInput cannotBeWritten(Path file, IOException e) {
        return new BadInput(file + " cannot be written (" + FileTrouble.inWords(e) + ").");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }
}
