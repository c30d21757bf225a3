package io.janklab.workloads.recording;

import io.janklab.workloads.cache.LastUsed;
import io.janklab.workloads.recording.RecordedCase.Hints;
import java.nio.file.Path;

/// The recordings opened last. Opening one takes seconds, and so does its null test; another question about the same recording gets the
/// same case, and runs of the same case can be recognised as the same.
public final class RecordedCases {
    private static final int KEPT = 4;

    /// The key of an opened recording.
    private record Key(Path file, Hints hints) {}

    private final LastUsed<Key, RecordedCase> cases = new LastUsed<>(KEPT);

    /// [RecordedCase#open], once for each file and hints.
    public synchronized RecordedCase open(Path file, Hints hints) {
        Key key = new Key(file, hints);
        RecordedCase known = cases.get(key);
        if (known == null) {
            known = RecordedCase.open(file, hints);
            cases.put(key, known);
        }
        return known;
    }
}
