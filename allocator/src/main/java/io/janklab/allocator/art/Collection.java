package io.janklab.allocator.art;

/// One collection: its cause, and how thorough it is.
///
/// @param young only objects allocated since the last one are examined
/// @param eagerRelease free memory is returned to the kernel at once, by MADV_DONTNEED (`ShouldEagerlyReleaseMemoryToOS`)
record Collection(GcCause cause, boolean young, boolean eagerRelease) {}
