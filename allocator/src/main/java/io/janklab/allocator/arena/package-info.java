/// jemalloc 5.3.0's architecture on a simulated kernel: size classes, slabs and bins, extents that split and coalesce, thread caches,
/// arenas, and decay from dirty through muzzy to retained.
///
/// The bookkeeping (extents, page map, caches) lives in host objects; only blocks live in simulated memory. Locks are taken where
/// jemalloc takes them, so that tasks wait where its threads would.
///
/// Invariant: shared structures change only under the mutex jemalloc protects them with; nothing between two mutex operations, system
/// calls or memory touches can be seen half done.
@NullMarked
package io.janklab.allocator.arena;

import org.jspecify.annotations.NullMarked;
