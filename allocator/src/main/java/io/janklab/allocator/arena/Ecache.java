package io.janklab.allocator.arena;

import io.janklab.kernel.syscall.PthreadMutex;

/// An arena's free extents of one state, with the mutex that guards them (`ecache_t`).
///
/// @param delayCoalesce whether small extents are coalesced only when they are evicted: true for dirty ones, which are likely to be reused
///     as they are
record Ecache(ExtentState state, boolean delayCoalesce, Eset extents, PthreadMutex mutex) {}
