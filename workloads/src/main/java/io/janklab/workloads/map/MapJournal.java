package io.janklab.workloads.map;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.AppendedLines;
import io.janklab.workloads.sweep.SealedLine;
import io.janklab.workloads.sweep.WholeLines;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The cells of a map so far, a JSON object a line: first what it was asked, then each cell when its runs have ended. Lines are sealed and
/// only ever appended, as those of a sweep's journal, so a map that is cut off loses only the cells under way.
public final class MapJournal implements AutoCloseable {
    /// The name of its file.
    public static final String NAME = "cells.jsonl";
    private static final String WHAT = "map";
    private static final SealedLine LINE = new SealedLine("a map's journal", WHAT);
    private static final byte[] NONE = {};

    private final AppendedLines lines;
    private final MapQuestion question;
    private final byte[] context;
    private final SortedMap<Integer, MapEntry> cells;

    private MapJournal(AppendedLines lines, MapQuestion question, SortedMap<Integer, MapEntry> cells) {
        this.lines = lines;
        this.question = question;
        this.context = SealedLine.context(question);
        this.cells = cells;
    }

    /// Whether a map has been begun there that is not whole.
    public static boolean isBegun(Path file) {
        return !AppendedLines.isFree(file);
    }

    /// Begins a new one.
    ///
    /// @param again whether to begin it in place of one that is there
    /// @throws BadInput if there is one already, another command writes it, or it cannot be written
    public static MapJournal begin(Path file, MapQuestion question, boolean again) {
        return new MapJournal(AppendedLines.begin(file, WHAT, again, LINE.write(NONE, question)), question, new TreeMap<>());
    }

    /// Continues the existing one.
    ///
    /// @throws BadInput if there is none, another command writes it, or any line is not one of this map's
    public static MapJournal resume(Path file) {
        Contents contents = new Contents(file);
        AppendedLines lines = AppendedLines.resume(file, WHAT, octets -> WholeLines.read(file.toString(), octets, contents));
        if (contents.question == null) {
            lines.close();
            throw BadInput.at(file.toString(), 1, "this is not a map's journal: its first line is missing.");
        }
        return new MapJournal(lines, contents.question, contents.cells);
    }

    /// The contents read from one.
    private static final class Contents implements WholeLines.Reader {
        private final Path file;
        private @Nullable MapQuestion question;
        private final SortedMap<Integer, MapEntry> cells = new TreeMap<>();

        Contents(Path file) {
            this.file = file;
        }

        @Override
        public void read(long number, long offset, byte[] line) {
            try {
                if (question == null) {
                    question = LINE.read(NONE, line, MapQuestion.class);
                } else {
                    take(LINE.read(SealedLine.context(question), line, MapEntry.class), question);
                }
            } catch (SealedLine.Wrong e) {
                throw BadInput.at(file.toString(), number, Objects.requireNonNull(e.getMessage()));
            }
        }

        private void take(MapEntry entry, MapQuestion asked) {
            if (entry.cell() < 0 || entry.cell() >= asked.cells()) {
                throw new BadInput(file + ": this map has cells 0 to " + (asked.cells() - 1) + ", not " + entry.cell() + ".");
            }
            cells.put(entry.cell(), entry);
        }
    }

    public MapQuestion question() {
        return question;
    }

    /// Whether the last line was never finished when it was opened: that cell is lost.
    public boolean isTorn() {
        return lines.isTorn();
    }

    public boolean has(int cell) {
        return cells.containsKey(cell);
    }

    /// The cell of that index, which it has.
    public MapEntry cell(int index) {
        return Objects.requireNonNull(cells.get(index));
    }

    /// Those it has, in their order.
    public Collection<MapEntry> cells() {
        return Collections.unmodifiableCollection(cells.values());
    }

    /// @throws BadInput if it cannot be written; it then ends with the last whole line
    public void add(MapEntry entry) {
        lines.append(LINE.write(context, entry));
        cells.put(entry.cell(), entry);
    }

    @Override
    public void close() {
        lines.close();
    }
}
