package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The results of a sweep so far, a JSON object a line ([JournalLine]): first its definition, then each run as it ends. Lines are only ever
/// appended, so a command that is killed loses only the run whose line was not yet complete. One command at a time has it. Only the
/// positions of its lines are kept in memory.
public final class Journal implements SweepLog {
    /// The name of its file.
    public static final String NAME = "journal.jsonl";
    private static final String WHAT = "sweep";

    private final Path file;
    private final AppendedLines lines;
    private final SweepDefinition definition;
    private final JournalLine line;
    private final RunIndex index;

    private Journal(Path file, AppendedLines lines, SweepDefinition definition, RunIndex index) {
        this.file = file;
        this.lines = lines;
        this.definition = definition;
        this.line = JournalLine.of(definition);
        this.index = index;
    }

    /// Begins a new one.
    ///
    /// @param force to begin it in place of one that is there
    /// @throws BadInput if there is one already, another command writes it, or it cannot be written
    public static Journal begin(Path file, SweepDefinition definition, boolean force) {
        AppendedLines lines = AppendedLines.begin(file, WHAT, force, JournalLine.definition(definition));
        return new Journal(file, lines, definition, new RunIndex(definition));
    }

    /// Continues the existing one. An unfinished last line is cut off, once everything before it has been checked.
    ///
    /// @throws BadInput if there is none, another command writes it, or any line is not one of this sweep's
    public static Journal resume(Path file) {
        Contents contents = new Contents();
        AppendedLines lines = AppendedLines.resume(file, WHAT, octets -> JournalReader.read(file.toString(), octets, contents));
        return new Journal(file, lines, Objects.requireNonNull(contents.definition), contents.index());
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

    @Override
    public SweepDefinition definition() {
        return definition;
    }

    /// Whether the last line was never finished when it was opened: the run of it is lost.
    public boolean isTorn() {
        return lines.isTorn();
    }

    /// Reports how many of its bytes are in whole lines, now and whenever there are more.
    public void watch(LongConsumer watcher) {
        lines.watch(watcher);
    }

    @Override
    public RunIndex index() {
        return index;
    }

    @Override
    public JournalEntry read(int run) {
        try {
            return line.readEntry(lines.at(index.offset(run)));
        } catch (IOException | SealedLine.Wrong e) {
            throw new BadInput(file + " was changed while it was in use (" + e.getMessage() + ").");
        }
    }

    /// @throws BadInput if it cannot be written; it then ends with the last whole line
    @Override
    public void add(JournalEntry entry) {
        long offset = lines.end();
        lines.append(line.entry(entry));
        index.put(entry, 0, offset);
    }

    @Override
    public void close() {
        lines.close();
    }
}
