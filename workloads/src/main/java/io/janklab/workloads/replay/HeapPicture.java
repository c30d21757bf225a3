package io.janklab.workloads.replay;

import io.janklab.allocator.HeapExtent;
import io.janklab.allocator.HeapExtent.State;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Snapshots of a heap as a picture of cells: time from left to right, addresses from bottom to top, each cell in the state that has most
/// of its bytes. Address space that no extent ever had is left out.
public final class HeapPicture {
    private static final int MOST_ROWS = 256;
    private static final int PAGE = 4096;

    private final List<HeapSnapshot> snapshots;
    /// Where each range of addresses that was ever used begins, and how many used bytes lie below it.
    private final TreeMap<Long, Long> below = new TreeMap<>();
    private final long bytes;
    private final long rowBytes;

    public HeapPicture(List<HeapSnapshot> snapshots) {
        this.snapshots = List.copyOf(snapshots);
        this.bytes = layOut();
        this.rowBytes = Math.max(PAGE, (bytes + MOST_ROWS - 1) / MOST_ROWS);
    }

    private long layOut() {
        TreeMap<Long, Long> ends = new TreeMap<>();
        snapshots.forEach(snapshot -> snapshot.extents().forEach(extent -> ends.merge(extent.address(), extent.end(), Math::max)));
        long used = 0;
        long last = Long.MIN_VALUE;
        for (Map.Entry<Long, Long> range : ends.entrySet()) {
            long begin = Math.max(range.getKey(), last);
            if (range.getKey() > last) {
                below.put(begin, used);
            }
            used += Math.max(0, range.getValue() - begin);
            last = Math.max(last, range.getValue());
        }
        return used;
    }

    public int columns() {
        return snapshots.size();
    }

    public int rows() {
        return (int) ((bytes + rowBytes - 1) / rowBytes);
    }

    /// Bytes of address space in one row.
    public long rowBytes() {
        return rowBytes;
    }

    /// The states of one column's cells, from the lowest address up; null where no extent was.
    public List<@Nullable State> column(int index) {
        List<Map<State, Long>> cells = new ArrayList<>();
        for (int row = 0; row < rows(); row++) {
            cells.add(new EnumMap<>(State.class));
        }
        snapshots.get(index).extents().forEach(extent -> add(cells, extent));
        List<State> states = new ArrayList<>();
        cells.forEach(cell -> states.add(cell.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(null)));
        return states;
    }

    private void add(List<Map<State, Long>> cells, HeapExtent extent) {
        Map.Entry<Long, Long> range = below.floorEntry(extent.address());
        long from = range.getValue() + extent.address() - range.getKey();
        long to = from + extent.bytes();
        for (long at = from; at < to; at = Math.min(to, (at / rowBytes + 1) * rowBytes)) {
            long part = Math.min(to, (at / rowBytes + 1) * rowBytes) - at;
            cells.get((int) (at / rowBytes)).merge(extent.state(), part, Long::sum);
        }
    }

    /// All cells of a state as the data of an SVG path, one unit a cell, lowest address at the bottom.
    public String path(State state) {
        StringBuilder path = new StringBuilder();
        for (int x = 0; x < columns(); x++) {
            List<@Nullable State> column = column(x);
            for (int row = 0; row < column.size(); ) {
                int end = row;
                while (end < column.size() && column.get(end) == state) {
                    end++;
                }
                if (end > row) {
                    path.append('M').append(x).append(' ').append(rows() - end).append("h1v").append(end - row).append("h-1z");
                }
                row = Math.max(end, row + 1);
            }
        }
        return path.toString();
    }
}
