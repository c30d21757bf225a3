package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Where each run of a sweep is recorded, and its result in short: 29 bytes a run, however long its line. Runs are counted point by point
/// and seed by seed, as in [SweepPlan].
final class RunIndex {
    private static final byte NONE = 0;
    private static final byte ENDED = 1;
    private static final byte FAILED = 2;

    private final Map<Long, Integer> seeds = new HashMap<>();
    private final int points;
    private final byte[] states;
    private final int[] files;
    private final long[] offsets;
    private final long[] digests;
    private final int[] metrics;
    private final float[] hostS;
    /// The first run that has just these metrics, for each such list.
    private final Map<List<String>, Integer> metricNames = new HashMap<>();
    private int ended;
    private int failed;

    /// How a run compares with the one already noted.
    enum Found { NEW, SAME, BETTER, WORSE, DIFFERENT }

    RunIndex(SweepDefinition definition) {
        definition.seeds().forEach(seed -> seeds.putIfAbsent(seed, seeds.size()));
        points = definition.points().size();
        int runs = Math.multiplyExact(points, seeds.size());
        states = new byte[runs];
        files = new int[runs];
        offsets = new long[runs];
        digests = new long[runs];
        metrics = new int[runs];
        hostS = new float[runs];
    }

    int points() {
        return points;
    }

    boolean hasSeed(long seed) {
        return seeds.containsKey(seed);
    }

    int run(RunKey key) {
        return key.point() * seeds.size() + Objects.requireNonNull(seeds.get(key.seed()));
    }

    /// Notes where a run is recorded, unless it, or a better outcome of it, is noted already: a result is better than a failure, since a
    /// host can be short of memory or time.
    ///
    /// @param file which one, counted from 0
    Found put(JournalEntry entry, int file, long offset) {
        int run = run(entry.key());
        Found found = compare(run, entry);
        if (found == Found.NEW || found == Found.BETTER) {
            set(run, entry, file, offset);
        }
        return found;
    }

    private Found compare(int run, JournalEntry entry) {
        if (states[run] == NONE) {
            return Found.NEW;
        }
        if (states[run] == FAILED || entry.hasFailed()) {
            return entry.hasFailed() ? states[run] == FAILED ? Found.SAME : Found.WORSE : Found.BETTER;
        }
        boolean same = digests[run] == Long.parseUnsignedLong(entry.digest(), 16) && metrics[run] == entry.metrics().hashCode();
        return same ? Found.SAME : Found.DIFFERENT;
    }

    private void set(int run, JournalEntry entry, int file, long offset) {
        forget(run);
        states[run] = entry.hasFailed() ? FAILED : ENDED;
        ended += entry.hasFailed() ? 0 : 1;
        failed += entry.hasFailed() ? 1 : 0;
        files[run] = file;
        offsets[run] = offset;
        digests[run] = entry.hasFailed() ? 0 : Long.parseUnsignedLong(entry.digest(), 16);
        metrics[run] = entry.metrics().hashCode();
        hostS[run] = (float) entry.hostS();
        if (!entry.hasFailed()) {
            metricNames.merge(List.copyOf(entry.metrics().keySet()), run, Math::min);
        }
    }

    /// Forgets the run.
    void forget(int run) {
        ended -= states[run] == ENDED ? 1 : 0;
        failed -= states[run] == FAILED ? 1 : 0;
        states[run] = NONE;
    }

    boolean has(int run) {
        return states[run] != NONE;
    }

    boolean isFailed(int run) {
        return states[run] == FAILED;
    }

    int file(int run) {
        return files[run];
    }

    long offset(int run) {
        return offsets[run];
    }

    /// Of its event stream, in hexadecimal.
    String digest(int run) {
        return String.format("%016x", digests[run]);
    }

    /// Its time on the host, in seconds; NaN if there is no such run.
    double hostS(int run) {
        return has(run) ? hostS[run] : Double.NaN;
    }

    int runs() {
        return states.length;
    }

    int ended() {
        return ended;
    }

    int failed() {
        return failed;
    }

    /// Names of all metrics that any run has, in the order of the first that has each, whichever was noted first.
    List<String> metricNames() {
        Set<String> names = new LinkedHashSet<>();
        metricNames.entrySet().stream().sorted(Comparator.comparing(Map.Entry::getValue)).forEach(list -> names.addAll(list.getKey()));
        return new ArrayList<>(names);
    }
}
