package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Takes a journal's lines one by one and checks each against the sweep that the first defines: a line that passes is a run of that sweep.
/// Lines are parsed on every core, a batch at a time, and taken in their order.
final class JournalReader implements WholeLines.Reader {
    private static final int BATCH = 512;
    private static final int BATCHES_UNDER_WAY = 2 * Runtime.getRuntime().availableProcessors();

    private final String file;
    private final Taker taker;
    /// Null until the first line is read.
    private @Nullable Begun begun;
    private List<Line> batch = new ArrayList<>();
    private final Deque<CompletableFuture<List<Parsed>>> underWay = new ArrayDeque<>();

    /// @param line how its runs are written
    /// @param index where they are noted
    private record Begun(JournalLine line, RunIndex index) {}

    private record Line(long number, long offset, byte[] octets) {}

    /// One of `entry` and `wrong` is null.
    private record Parsed(Line line, @Nullable JournalEntry entry, @Nullable String wrong) {}

    /// Receives the runs read.
    interface Taker {
        /// @return where the runs are noted
        RunIndex begin(SweepDefinition definition);

        /// @return how it compares with an earlier entry
        RunIndex.Found take(JournalEntry entry, long offset);
    }

    private JournalReader(String file, Taker taker) {
        this.file = file;
        this.taker = taker;
    }

    /// Reads a whole journal.
    ///
    /// @param file for messages
    /// @return how many of its bytes are whole lines
    /// @throws BadInput if it is not a journal, or any line is not one of this sweep's
    static long read(String file, InputStream octets, Taker taker) throws IOException {
        JournalReader reader = new JournalReader(file, taker);
        try {
            long whole = WholeLines.read(file, octets, reader);
            reader.finish();
            return whole;
        } finally {
            reader.underWay.forEach(parsing -> parsing.cancel(false));
        }
    }

    @Override
    public void read(long number, long offset, byte[] octets) {
        if (begun == null) {
            begin(number, octets);
            return;
        }
        batch.add(new Line(number, offset, octets));
        if (batch.size() == BATCH) {
            send();
            if (underWay.size() > BATCHES_UNDER_WAY) {
                take(underWay.removeFirst().join());
            }
        }
    }

    private void begin(long number, byte[] octets) {
        try {
            SweepDefinition definition = JournalLine.readDefinition(octets);
            begun = new Begun(JournalLine.of(definition), taker.begin(definition));
        } catch (SealedLine.Wrong | BadInput e) {
            throw BadInput.at(file, number, String.valueOf(e.getMessage()));
        }
    }

    private void finish() {
        if (begun == null) {
            throw BadInput.at(file, 1, "this is not a sweep's journal: its first line is missing.");
        }
        send();
        while (!underWay.isEmpty()) {
            take(underWay.removeFirst().join());
        }
    }

    private Begun begun() {
        return Objects.requireNonNull(begun);
    }

    private void send() {
        List<Line> lines = batch;
        batch = new ArrayList<>();
        underWay.addLast(CompletableFuture.supplyAsync(() -> lines.stream().map(this::parse).toList()));
    }

    private Parsed parse(Line read) {
        try {
            return new Parsed(read, begun().line().readEntry(read.octets()), null);
        } catch (SealedLine.Wrong e) {
            return new Parsed(read, null, e.getMessage());
        }
    }

    private void take(List<Parsed> lines) {
        for (Parsed parsed : lines) {
            String wrong = parsed.entry() == null ? parsed.wrong() : problem(parsed.entry(), parsed.line().offset());
            if (wrong != null) {
                throw BadInput.at(file, parsed.line().number(), wrong);
            }
        }
    }

    /// Null if there is none: the run is taken.
    private @Nullable String problem(JournalEntry entry, long offset) {
        RunIndex index = begun().index();
        if (entry.point() < 0 || entry.point() >= index.points()) {
            return "this sweep has points 0 to " + (index.points() - 1) + ", not " + entry.point() + ".";
        }
        if (!index.hasSeed(entry.seed())) {
            return "this sweep does not run seed " + entry.seed() + ".";
        }
        if (taker.take(entry, offset) == RunIndex.Found.DIFFERENT) {
            return entry.key() + " is here twice, with different results.";
        }
        return null;
    }
}
