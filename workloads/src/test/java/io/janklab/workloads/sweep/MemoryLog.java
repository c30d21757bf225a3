package io.janklab.workloads.sweep;

import java.util.HashMap;
import java.util.Map;

/// A sweep's log that does not outlive its test.
final class MemoryLog implements SweepLog {
    private final SweepDefinition definition;
    private final RunIndex index;
    private final Map<Integer, JournalEntry> entries = new HashMap<>();

    MemoryLog(SweepDefinition definition) {
        this.definition = definition;
        this.index = new RunIndex(definition);
    }

    @Override
    public SweepDefinition definition() {
        return definition;
    }

    @Override
    public RunIndex index() {
        return index;
    }

    @Override
    public JournalEntry read(int run) {
        return entries.get(run);
    }

    @Override
    public void add(JournalEntry entry) {
        index.put(entry, 0, 0);
        entries.put(index.run(entry.key()), entry);
    }

    @Override
    public void close() {}
}
