package io.janklab.dashboards.perfetto;

import io.janklab.kernel.trace.TracedTask;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Resident memory and page tables of each process as counters in bytes: the value of the moment, at most once per millisecond.
final class MemoryCounters {
    static final String RSS = "mem.rss";
    static final String PAGE_TABLES = "mem.page_tables";
    static final List<String> NAMES = List.of(RSS, PAGE_TABLES);
    private static final long INTERVAL_NS = 1_000_000;

    /// One process's counter.
    private final class Counter {
        private final long track;
        private long value;
        private long written = Long.MIN_VALUE;
        private long nextAt;

        private Counter(long track) {
            this.track = track;
        }

        private void set(long now, long newValue, boolean open) {
            value = newValue;
            if (open && now >= nextAt) {
                write(now);
            }
        }

        private void write(long now) {
            if (value != written) {
                tracks.writeCounter(track, now, value);
                written = value;
                nextAt = now + INTERVAL_NS;
            }
        }
    }

    private final Tracks tracks;
    private final Map<String, Map<Integer, Counter>> byName = new HashMap<>();
    private boolean open;

    MemoryCounters(Tracks tracks) {
        this.tracks = tracks;
        NAMES.forEach(name -> byName.put(name, new HashMap<>()));
    }

    void set(long now, TracedTask main, String name, long value) {
        byName.get(name).computeIfAbsent(main.tgid(), unknown -> new Counter(tracks.counter(main, name))).set(now, value, open);
    }

    /// Writes the present value of every counter.
    void open(long now) {
        open = true;
        writeAll(now);
    }

    void close(long now) {
        writeAll(now);
        open = false;
    }

    private void writeAll(long now) {
        NAMES.forEach(name -> byName.get(name).values().forEach(counter -> counter.write(now)));
    }
}
