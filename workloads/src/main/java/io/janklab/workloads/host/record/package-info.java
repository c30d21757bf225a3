/// Recordings: programs with a kernel's result of every call, in a file. They replace the kernel where it is not available.
///
/// Invariant: a recording says which kernel and which properties of its host it holds for.
@NullMarked
package io.janklab.workloads.host.record;

import org.jspecify.annotations.NullMarked;
