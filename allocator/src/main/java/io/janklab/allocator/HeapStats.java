package io.janklab.allocator;

import java.util.List;

/// A heap's counters under jemalloc's names. A live view: every call reads the heap as it is now.
public interface HeapStats {
    /// Bytes in blocks handed out, thread caches included, each block at its size class (`stats.allocated`).
    long allocated();

    /// Bytes in pages that hold at least one block (`stats.active`).
    long active();

    /// Bytes of the heap's own bookkeeping (`stats.metadata`).
    long metadata();

    /// Bytes of pages that the heap believes to be resident: active, dirty, muzzy and metadata (`stats.resident`).
    long resident();

    /// Bytes of address space in active, dirty and muzzy pages and in metadata (`stats.mapped`).
    long mapped();

    /// Bytes of dirty pages: without a block, and still resident.
    long dirty();

    /// Bytes of muzzy pages: without a block, which the kernel may take when it needs them.
    long muzzy();

    /// Bytes of address space kept for reuse without pages behind them (`stats.retained`).
    long retained();

    /// A total by its `mallctl` name, such as `stats.active`; −1 if there is none of that name.
    default long total(String name) {
        return switch (name) {
            case "stats.allocated" -> allocated();
            case "stats.active" -> active();
            case "stats.metadata" -> metadata();
            case "stats.resident" -> resident();
            case "stats.mapped" -> mapped();
            case "stats.retained" -> retained();
            default -> -1;
        };
    }

    /// The counter of that `mallctl` name, such as `stats.arenas.0.dirty_nmadvise`; arena 4096 stands for all.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    long get(String name);

    /// The allocator's own report of all counters (`malloc_stats_print`); empty if it has none.
    ///
    /// @param uptimeNs the age of the heap, by which counts are divided for rates
    default String text(long uptimeNs) {
        return "";
    }

    /// All extents, in order of address; none if the allocator has no extents.
    default List<HeapExtent> extents() {
        return List.of();
    }

    /// The error that there is no counter of that name.
    static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("there is no heap counter '" + name + "'");
    }
}
