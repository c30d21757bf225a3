/// Heaps by name: a preset and options in text become a heap, and its purger is started.
///
/// Invariant: the meaning of a name and its options is decided here, so a scenario, a replay and a test that use the same ones get the same
/// heap.
@NullMarked
package io.janklab.allocator.preset;

import org.jspecify.annotations.NullMarked;
