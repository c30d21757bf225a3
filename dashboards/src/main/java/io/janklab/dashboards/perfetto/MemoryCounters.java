package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.Ftrace;
import io.janklab.dashboards.perfetto.Fields.RssStat;
import io.janklab.kernel.trace.RssMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What each process has in memory, in bytes: the value of the moment, at most once per millisecond. Pages are `rss_stat` events, from
/// which Perfetto makes the counters `mem.rss.anon`, `mem.rss.file` and `mem.swap`; page tables, which Android has no event for, are a
/// counter of our own.
final class MemoryCounters {
    static final String PAGE_TABLES = "mem.page_tables";
    private static final long INTERVAL_NS = 1_000_000;
    private static final long PAGE_BYTES = 4096;

    /// Writes one process's value of one kind.
    private interface Writer {
        void write(long now, long bytes);
    }

    /// One process's counter.
    private final class Counter {
        private final Writer writer;
        private long value;
        private long written = Long.MIN_VALUE;
        private long nextAt;

        private Counter(Writer writer) {
            this.writer = writer;
            inOrder.add(this);
        }

        private void set(long now, long newValue) {
            value = newValue;
            if (open && now >= nextAt) {
                write(now);
            }
        }

        private void write(long now) {
            if (value != written) {
                writer.write(now, value);
                written = value;
                nextAt = now + INTERVAL_NS;
            }
        }
    }

    private final Tracks tracks;
    private final FtraceBundles ftrace;
    private final Map<Integer, Map<RssMember, Counter>> pages = new HashMap<>();
    private final Map<Integer, Counter> pageTables = new HashMap<>();
    private final List<Counter> inOrder = new ArrayList<>();
    private boolean open;

    MemoryCounters(Tracks tracks, FtraceBundles ftrace) {
        this.tracks = tracks;
        this.ftrace = ftrace;
    }

    /// @param main the process's main thread
    void setPages(long now, TraceThread main, RssMember member, long count) {
        pages.computeIfAbsent(main.task().tgid(), unknown -> new HashMap<>())
                .computeIfAbsent(member, unknown -> new Counter((at, bytes) -> writeRssStat(at, main, member, bytes)))
                .set(now, count * PAGE_BYTES);
    }

    /// As if by the process's main thread: readers learn from the first event with `curr` to which process an mm belongs.
    private void writeRssStat(long now, TraceThread main, RssMember member, long bytes) {
        ftrace.add(main.cpu(), now, main.tid(), Ftrace.RSS_STAT, new ProtoMessage()
                .number(RssStat.MEMBER, member.ordinal())
                .number(RssStat.SIZE, bytes)
                .number(RssStat.CURR, 1)
                .number(RssStat.MM_ID, main.tid()));
    }

    /// @param main the process's main thread
    void setPageTables(long now, TraceThread main, long bytes) {
        pageTables.computeIfAbsent(main.task().tgid(), unknown -> {
            long track = tracks.counter(main.task(), PAGE_TABLES);
            return new Counter((at, value) -> tracks.writeCounter(track, at, value));
        }).set(now, bytes);
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
        inOrder.forEach(counter -> counter.write(now));
    }
}
