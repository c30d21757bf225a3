package io.janklab.workloads.recording.rebuild;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.workload.RecordedProcess;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The mappings of one process as the recording proceeds, which thread made each, and which have used it since: a thread must not use
/// another's mapping before it exists, and no thread may remove it before that use.
final class AddressMap {
    static final long PAGE = 4096;
    /// Pages that faulted near each other without a known mapping are assumed to be one area.
    private static final long NEAR = 16 * PAGE;
    /// Shaper of what was there before.
    static final int NOBODY = -1;

    /// Part of the address space.
    static final class Piece {
        final long end;
        /// The thread that last shaped it, and the op.
        final int shaper;
        final int op;
        /// Threads other than the shaper that have used it, and their last op that did.
        final Map<Integer, Integer> users;

        Piece(long end, int shaper, int op, Map<Integer, Integer> users) {
            this.end = end;
            this.shaper = shaper;
            this.op = op;
            this.users = users;
        }
    }

    /// Where a process began, or what it executed: what was there from the first on is there in copies of it, too.
    private record Beginning(RecordedProcess.Image image, TreeSet<Long> unknownPages) {}

    private final NavigableMap<Long, Piece> pieces;
    /// What was unmapped, by whom and with which op, until it is mapped again.
    private final NavigableMap<Long, Piece> freed = new TreeMap<>();
    private final Beginning beginning;
    /// Where the break was at first; 0 if unknown.
    private long firstBreak;

    AddressMap(RecordedProcess.Image image) {
        this(new TreeMap<>(), new Beginning(image, new TreeSet<>()));
    }

    private AddressMap(NavigableMap<Long, Piece> pieces, Beginning beginning) {
        this.pieces = pieces;
        this.beginning = beginning;
    }

    /// The map of a fork's child, which has all mappings from the start.
    AddressMap copy() {
        TreeMap<Long, Piece> copies = new TreeMap<>();
        pieces.forEach((start, piece) -> copies.put(start, new Piece(piece.end, NOBODY, 0, new HashMap<>())));
        AddressMap copy = new AddressMap(copies, beginning);
        copy.firstBreak = firstBreak;
        return copy;
    }

    /// Where the break was at first, `seen` if it has never been seen before.
    long firstBreak(long seen) {
        firstBreak = firstBreak == 0 ? seen : firstBreak;
        return firstBreak;
    }

    /// Null where nothing is known to be mapped.
    @Nullable Piece find(long address) {
        Map.Entry<Long, Piece> entry = pieces.floorEntry(address);
        return entry == null || entry.getValue().end <= address ? null : entry.getValue();
    }

    /// The threads that have used `[start, end)`, with their last op there.
    Map<Integer, Integer> usersOf(long start, long end) {
        Map<Integer, Integer> users = new HashMap<>();
        Map.Entry<Long, Piece> first = pieces.floorEntry(start);
        for (Map.Entry<Long, Piece> entry : pieces.tailMap(first == null ? start : first.getKey(), true).entrySet()) {
            if (entry.getKey() >= end) {
                break;
            }
            if (entry.getValue().end > start) {
                entry.getValue().users.forEach((thread, op) -> users.merge(thread, op, Math::max));
            }
        }
        return users;
    }

    /// `shaper` has unmapped it after its `op`.
    void free(long start, long end, int shaper, int op) {
        unmap(start, end);
        if (end > start) {
            cut(freed, start, end);
            freed.put(start, new Piece(end, shaper, op, Map.of()));
        }
    }

    /// The threads that have unmapped what was in `[start, end)`, with their last op before that.
    Map<Integer, Integer> freersOf(long start, long end) {
        Map<Integer, Integer> freers = new HashMap<>();
        Map.Entry<Long, Piece> first = freed.floorEntry(start);
        for (Map.Entry<Long, Piece> entry : freed.tailMap(first == null ? start : first.getKey(), true).entrySet()) {
            if (entry.getKey() >= end) {
                break;
            }
            if (entry.getValue().end > start) {
                freers.merge(entry.getValue().shaper, entry.getValue().op, Math::max);
            }
        }
        return freers;
    }

    void map(long start, long end, int shaper, int op) {
        unmap(start, end);
        cut(freed, start, end);
        if (end > start) {
            pieces.put(start, new Piece(end, shaper, op, new HashMap<>()));
        }
    }

    void unmap(long start, long end) {
        cut(pieces, start, end);
    }

    private static void cut(NavigableMap<Long, Piece> pieces, long start, long end) {
        Map.Entry<Long, Piece> before = pieces.lowerEntry(start);
        if (before != null && before.getValue().end > start) {
            Piece piece = before.getValue();
            pieces.put(before.getKey(), new Piece(start, piece.shaper, piece.op, piece.users));
            if (piece.end > end) {
                pieces.put(end, new Piece(piece.end, piece.shaper, piece.op, new HashMap<>(piece.users)));
            }
        }
        Map.Entry<Long, Piece> last = pieces.lowerEntry(end);
        if (last != null && last.getKey() >= start && last.getValue().end > end) {
            Piece piece = last.getValue();
            pieces.put(end, new Piece(piece.end, piece.shaper, piece.op, new HashMap<>(piece.users)));
        }
        pieces.subMap(start, end).clear();
    }

    /// A fault where no mapping is known: it has existed all the time.
    void touchUnknown(long address) {
        beginning.unknownPages.add(address & -PAGE);
    }

    /// Adds what must have been there to where it was.
    void settleUnknown() {
        long start = -1;
        long end = -1;
        for (long page : beginning.unknownPages) {
            if (start >= 0 && page - end > NEAR) {
                addArea(start, end);
                start = -1;
            }
            start = start < 0 ? page : start;
            end = page + PAGE;
        }
        if (start >= 0) {
            addArea(start, end);
        }
        beginning.unknownPages.clear();
    }

    private void addArea(long start, long end) {
        beginning.image.areas().add(new RecordedProcess.Area(start, end, Mman.PROT_RW, false));
    }
}
