package io.janklab.workloads.recording.replay;

import java.util.Map;
import java.util.TreeMap;

/// Where recorded memory lies in the replay: at its old address, except mappings whose place is taken because threads came in a different
/// order.
final class ReplayPlacement {
    private record Piece(long end, long moved) {}

    private final TreeMap<Long, Piece> elsewhere = new TreeMap<>();

    /// For a copy of the address space.
    ReplayPlacement copy() {
        ReplayPlacement copy = new ReplayPlacement();
        copy.elsewhere.putAll(elsewhere);
        return copy;
    }

    long of(long recorded) {
        Map.Entry<Long, Piece> entry = elsewhere.floorEntry(recorded);
        return entry == null || entry.getValue().end <= recorded ? recorded : recorded + entry.getValue().moved;
    }

    void put(long recorded, long length, long actual) {
        forget(recorded, recorded + length);
        if (actual != recorded) {
            elsewhere.put(recorded, new Piece(recorded + length, actual - recorded));
        }
    }

    void forget(long start, long end) {
        Map.Entry<Long, Piece> before = elsewhere.lowerEntry(start);
        if (before != null && before.getValue().end > start) {
            Piece piece = before.getValue();
            elsewhere.put(before.getKey(), new Piece(start, piece.moved));
            if (piece.end > end) {
                elsewhere.put(end, piece);
            }
        }
        Map.Entry<Long, Piece> last = elsewhere.lowerEntry(end);
        if (last != null && last.getKey() >= start && last.getValue().end > end) {
            elsewhere.put(end, last.getValue());
        }
        elsewhere.subMap(start, end).clear();
    }
}
