package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes a journal's lines one by one and holds each against the sweep that the first defines: whatever passes is a run of that sweep's.
final class JournalReader implements WholeLines.Reader {
    private final Path file;
    private final List<JournalEntry> entries = new ArrayList<>();
    private final Map<Place, JournalEntry> byPlace = new HashMap<>();
    /// Null until the first line is read.
    private SweepDefinition definition;
    private JournalLine line;
    private int points;
    private Set<Long> seeds;

    private record Place(int point, long seed) {}

    JournalReader(Path file) {
        this.file = file;
    }

    /// @throws BadInput if there was no line
    SweepDefinition definition() {
        if (definition == null) {
            throw BadInput.at(file.toString(), 1, "this is not a sweep's journal: its first line is missing.");
        }
        return definition;
    }

    /// Each run once, in the order of the lines.
    List<JournalEntry> entries() {
        return entries;
    }

    /// @throws BadInput if it is not a line of this sweep's journal
    @Override
    public void read(long number, String text) {
        try {
            if (definition == null) {
                begin(JournalLine.readDefinition(text));
            } else {
                add(line.readEntry(text));
            }
        } catch (JournalLine.Wrong | BadInput e) {
            throw BadInput.at(file.toString(), number, e.getMessage());
        }
    }

    private void begin(SweepDefinition read) {
        definition = read;
        line = JournalLine.of(read);
        points = read.points().size();
        seeds = Set.copyOf(read.seeds());
    }

    private void add(JournalEntry entry) throws JournalLine.Wrong {
        if (entry.point() < 0 || entry.point() >= points) {
            throw new JournalLine.Wrong("this sweep has points 0 to " + (points - 1) + ", not " + entry.point() + ".");
        }
        if (!seeds.contains(entry.seed())) {
            throw new JournalLine.Wrong("this sweep does not run seed " + entry.seed() + ".");
        }
        JournalEntry before = byPlace.putIfAbsent(new Place(entry.point(), entry.seed()), entry);
        if (before == null) {
            entries.add(entry);
        } else if (!before.equals(entry)) {
            throw new JournalLine.Wrong("point " + entry.point() + ", seed " + entry.seed() + " stands here twice, with different results.");
        }
    }
}
