package io.janklab.workloads.sweep;

/// A line of a sweep's journal.
final class JournalLine {
    private static final SealedLine LINE = new SealedLine("a sweep's journal", "sweep");
    private static final byte[] NONE = {};

    private final byte[] context;

    private JournalLine(byte[] context) {
        this.context = context;
    }

    /// Lines of the sweep of that definition.
    static JournalLine of(SweepDefinition definition) {
        return new JournalLine(SealedLine.context(definition));
    }

    /// The line that holds the definition itself, with its end.
    static byte[] definition(SweepDefinition definition) {
        return LINE.write(NONE, definition);
    }

    /// @throws SealedLine.Wrong if it is no such line
    static SweepDefinition readDefinition(byte[] line) throws SealedLine.Wrong {
        return LINE.read(NONE, line, SweepDefinition.class);
    }

    /// The line that holds a run, with its end.
    byte[] entry(JournalEntry entry) {
        return LINE.write(context, entry);
    }

    /// @throws SealedLine.Wrong if it is no such line of this sweep's journal
    JournalEntry readEntry(byte[] line) throws SealedLine.Wrong {
        return LINE.read(context, line, JournalEntry.class);
    }
}
