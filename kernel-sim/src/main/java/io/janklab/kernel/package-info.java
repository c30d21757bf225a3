/// A booted machine: the kernel's parts put together, and the processes that run on it.
///
/// Invariant: everything below is reached from here, and nothing below refers to it.
@NullMarked
package io.janklab.kernel;

import org.jspecify.annotations.NullMarked;
