package io.janklab.allocator.arena;

import org.jspecify.annotations.Nullable;

/// Extent records not in use (`src/edata_cache.c`). Lock-free here: the records are host objects, and jemalloc's mutex around them is
/// held for a few instructions only.
final class EdataCache {
    /// Bytes of one `edata_t` in an arena's metadata.
    static final long RECORD_BYTES = 128;

    private @Nullable Edata spare;
    private long created;

    Edata take() {
        Edata record = spare;
        if (record == null) {
            created++;
            return new Edata();
        }
        spare = record.listNext;
        record.listNext = null;
        return record;
    }

    void put(Edata record) {
        record.listNext = spare;
        spare = record;
    }

    /// Records ever made, in use or not.
    long created() {
        return created;
    }
}
