package io.janklab.kernel.mm.binder;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which parts of a Binder mapping hold transactions, and which are free (`binder_alloc_new_buf_locked`, `binder_free_buf_locked`): the
/// smallest free part that is large enough is taken, so that the same few pages serve most transactions.
final class BufferSpace {
    private static final long ALIGNMENT = Long.BYTES;

    /// Size by address.
    private final TreeMap<Long, Long> free = new TreeMap<>();
    private final TreeMap<Long, Long> used = new TreeMap<>();

    BufferSpace(long start, long bytes) {
        free.put(start, bytes);
    }

    /// Pads to pointers; a transaction without data has a unique address too (`sanitized_size`).
    static long sizeOf(long bytes) {
        return Math.max(ALIGNMENT, bytes + ALIGNMENT - 1 & -ALIGNMENT);
    }

    /// @return the address; null if no free part is large enough
    @Nullable Long take(long bytes) {
        Map.Entry<Long, Long> best = null;
        for (Map.Entry<Long, Long> each : free.entrySet()) {
            if (each.getValue() >= bytes && (best == null || each.getValue() < best.getValue())) {
                best = each;
            }
        }
        if (best == null) {
            return null;
        }
        long address = best.getKey();
        long rest = best.getValue() - bytes;
        free.remove(address);
        if (rest > 0) {
            free.put(address + bytes, rest);
        }
        used.put(address, bytes);
        return address;
    }

    /// Free neighbours become one part.
    ///
    /// @return whether a transaction was there
    boolean giveBack(long address) {
        Long bytes = used.remove(address);
        if (bytes == null) {
            return false;
        }
        long start = address;
        long end = address + bytes;
        Long following = free.remove(end);
        end += following == null ? 0 : following;
        Map.Entry<Long, Long> before = free.lowerEntry(address);
        if (before != null && before.getKey() + before.getValue() == address) {
            start = before.getKey();
        }
        free.put(start, end - start);
        return true;
    }
}
