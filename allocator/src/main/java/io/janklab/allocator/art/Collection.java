package io.janklab.allocator.art;

/// One collection: who asked, and how thorough it is.
///
/// @param young only what has been allocated since the last one is looked at
/// @param eagerRelease free memory goes back to the kernel at once, by MADV_DONTNEED (`ShouldEagerlyReleaseMemoryToOS`)
record Collection(GcCause cause, boolean young, boolean eagerRelease) {}
