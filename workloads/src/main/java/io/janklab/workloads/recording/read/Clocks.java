package io.janklab.workloads.recording.read;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// The clocks of a Perfetto trace. A `ClockSnapshot` reads several at one moment; times on one become times on CLOCK_BOOTTIME by the last
/// snapshot before them, through other clocks where no snapshot has both.
///
/// ```
/// ClockSnapshot = clocks 1 (clock_id 1, timestamp 2, is_incremental 3, unit_multiplier_ns 4)…
/// clock_id      = 1 to 63 the kernel's | 64 to 127 its sequence's own | from 128 on the trace's
/// ```
final class Clocks {
    static final long MONOTONIC_RAW = 5;
    static final long BOOTTIME = 6;
    private static final long FIRST_OF_SEQUENCE = 64;
    private static final long FIRST_OF_TRACE = 128;
    private static final int SEQUENCE_SHIFT = 32;
    /// Snapshots kept of two clocks; older ones are far behind what is read.
    private static final int MOST_SNAPSHOTS = 1_000;

    /// How times on a clock are written.
    private static final class Form {
        long unitNs = 1;
        boolean isIncremental;
        long last;
    }

    /// @param clock its key
    private record Reading(long clock, long ns) {}

    private final Map<Long, Form> forms = new HashMap<>();
    /// From one clock to another: its time at a snapshot, and how much later the other's was.
    private final Map<Long, Map<Long, TreeMap<Long, Long>>> apart = new HashMap<>();
    private final Map<Long, List<Long>> ways = new HashMap<>();

    private static long key(long clock, long sequence) {
        return clock >= FIRST_OF_SEQUENCE && clock < FIRST_OF_TRACE ? sequence << SEQUENCE_SHIFT | clock : clock;
    }

    void snapshot(Message snapshot, long sequence) throws IOException {
        List<Reading> readings = new ArrayList<>();
        for (int field = snapshot.next(); field != 0; field = snapshot.next()) {
            if (field == 1) {
                readings.add(reading(snapshot.message(), sequence));
            } else {
                snapshot.skip();
            }
        }
        for (Reading one : readings) {
            readings.stream().filter(other -> other.clock != one.clock).forEach(other -> add(one, other));
        }
    }

    private Reading reading(Message clock, long sequence) throws IOException {
        long id = 0;
        long time = 0;
        Form form = new Form();
        for (int part = clock.next(); part != 0; part = clock.next()) {
            long value = clock.number();
            switch (part) {
                case 1 -> id = value;
                case 2 -> time = value;
                case 3 -> form.isIncremental = value != 0;
                case 4 -> form.unitNs = Math.max(1, value);
                default -> { }
            }
        }
        form.last = time * form.unitNs;
        forms.put(key(id, sequence), form);
        return new Reading(key(id, sequence), form.last);
    }

    private void add(Reading one, Reading other) {
        TreeMap<Long, Long> between = apart.computeIfAbsent(one.clock, key -> new HashMap<>()).computeIfAbsent(other.clock, key -> {
            ways.clear();
            return new TreeMap<>();
        });
        between.put(one.ns, other.ns - one.ns);
        if (between.size() > MOST_SNAPSHOTS) {
            between.pollFirstEntry();
        }
    }

    /// A packet's timestamp on CLOCK_BOOTTIME (ns); −1 if no snapshot says how far that clock is from it.
    ///
    /// @param timestamp in the clock's own unit, since the last one if the clock is incremental
    long boottime(long clock, long sequence, long timestamp) {
        long key = key(clock, sequence);
        Form form = forms.get(key);
        long ns = timestamp;
        if (form != null) {
            ns = timestamp * form.unitNs + (form.isIncremental ? form.last : 0);
            form.last = ns;
        }
        List<Long> way = ways.computeIfAbsent(key, this::way);
        if (way.isEmpty()) {
            return -1;
        }
        for (int i = 1; i < way.size(); i++) {
            NavigableMap<Long, Long> between = between(way.get(i - 1), way.get(i));
            Map.Entry<Long, Long> before = between.floorEntry(ns);
            ns += (before == null ? between.firstEntry() : before).getValue();
        }
        return Math.max(0, ns);
    }

    /// How far apart two clocks of one snapshot were, by the first one's time.
    private NavigableMap<Long, Long> between(long clock, long other) {
        return Objects.requireNonNull(Objects.requireNonNull(apart.get(clock)).get(other));
    }

    /// The clocks from that one to CLOCK_BOOTTIME, as few as possible; empty if there is no way.
    private List<Long> way(long from) {
        Map<Long, Long> cameFrom = new HashMap<>();
        Set<Long> seen = new HashSet<>(Set.of(from));
        Deque<Long> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            long clock = next.remove();
            if (clock == BOOTTIME) {
                return back(clock, from, cameFrom);
            }
            apart.getOrDefault(clock, Map.of()).keySet().stream().sorted().filter(seen::add).forEach(other -> {
                cameFrom.put(other, clock);
                next.add(other);
            });
        }
        return List.of();
    }

    private static List<Long> back(long to, long from, Map<Long, Long> cameFrom) {
        List<Long> way = new ArrayList<>(List.of(to));
        for (long clock = to; clock != from; way.add(clock)) {
            clock = Objects.requireNonNull(cameFrom.get(clock));
        }
        Collections.reverse(way);
        return way;
    }
}
