package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FileTrouble;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The results of a sweep so far, a JSON object a line ([JournalLine]): first its definition, then each run as it ends. Lines are only ever
/// appended, so a command that is killed loses only the run whose line was not yet complete. One command at a time has it. Only the
/// positions of its lines are kept in memory.
public final class Journal implements SweepLog {
    /// The name of its file.
    public static final String NAME = "journal.jsonl";

    private final Path file;
    private final FileChannel channel;
    private final SweepDefinition definition;
    private final JournalLine line;
    private final RunIndex index;
    /// Bytes in whole lines.
    private long end;
    private boolean torn;
    private LongConsumer watcher = whole -> {};

    private Journal(Path file, FileChannel channel, SweepDefinition definition, RunIndex index) {
        this.file = file;
        this.channel = channel;
        this.definition = definition;
        this.line = JournalLine.of(definition);
        this.index = index;
    }

    /// Begins a new one.
    ///
    /// @param force to begin it in place of one that is there
    /// @throws BadInput if there is one already, another command writes it, or it cannot be written
    public static Journal begin(Path file, SweepDefinition definition, boolean force) {
        if (!force && !isFree(file)) {
            throw new BadInput(file + " is there already: --resume continues that sweep; another --out, or --force, begins a new one.");
        }
        Journal journal = null;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            journal = new Journal(
                    file, open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), definition,
                            new RunIndex(definition));
            journal.append(JournalLine.definition(definition));
            return journal;
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    /// One whose first line was never completed holds nothing.
    private static boolean isFree(Path file) {
        try {
            return !Files.exists(file) || (Files.isRegularFile(file) && Files.size(file) == 0);
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    /// Continues the existing one. An unfinished last line is cut off, once everything before it has been checked.
    ///
    /// @throws BadInput if there is none, another command writes it, or any line is not one of this sweep's
    public static Journal resume(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadInput("there is no sweep to resume: " + file + " is not there.");
        }
        try {
            FileChannel channel = open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                return read(file, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new BadInput("there is no sweep to resume: " + file + " cannot be read (" + FileTrouble.inWords(e) + ").");
        }
    }

    private static Journal read(Path file, FileChannel channel) throws IOException {
        Contents contents = new Contents();
        // By the channel that has the lock: POSIX would give that up when any other of the same file closed.
        long whole = JournalReader.read(file.toString(), Channels.newInputStream(channel), contents);
        Journal journal = new Journal(file, channel, Objects.requireNonNull(contents.definition), contents.index());
        journal.end = whole;
        journal.torn = channel.size() > whole;
        return journal;
    }

    /// The contents read from one.
    private static final class Contents implements JournalReader.Taker {
        private @Nullable SweepDefinition definition;
        private @Nullable RunIndex index;

        @Override
        public RunIndex begin(SweepDefinition read) {
            definition = read;
            index = new RunIndex(read);
            return index;
        }

        @Override
        public RunIndex.Found take(JournalEntry entry, long offset) {
            return index().put(entry, 0, offset);
        }

        private RunIndex index() {
            return Objects.requireNonNull(index);
        }
    }

    private static FileChannel open(Path file, StandardOpenOption... options) throws IOException {
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

    @Override
    public SweepDefinition definition() {
        return definition;
    }

    /// Whether the last line was never finished when it was opened: the run of it is lost.
    public boolean isTorn() {
        return torn;
    }

    /// Reports how many of its bytes are in whole lines, now and whenever there are more.
    public void watch(LongConsumer watcher) {
        this.watcher = watcher;
        watcher.accept(end);
    }

    @Override
    public RunIndex index() {
        return index;
    }

    @Override
    public JournalEntry read(int run) {
        try {
            return line.readEntry(LineReading.at(channel, index.offset(run)));
        } catch (IOException | JournalLine.Wrong e) {
            throw new BadInput(file + " was changed while it was in use (" + e.getMessage() + ").");
        }
    }

    /// @throws BadInput if it cannot be written; it then ends with the last whole line
    @Override
    public void add(JournalEntry entry) {
        long offset = end;
        try {
            append(line.entry(entry));
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
        index.put(entry, 0, offset);
    }

    private void append(byte[] octets) throws IOException {
        channel.truncate(end);
        channel.position(end);
        ByteBuffer bytes = ByteBuffer.wrap(octets);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        end += octets.length;
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
