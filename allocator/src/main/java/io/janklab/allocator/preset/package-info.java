/// Heaps by name: a preset and options in text become a heap, and whoever purges it gets to work.
///
/// Invariant: what a name and its options mean is decided here, so a scenario, a replay and a test that say the same get the same heap.
@NullMarked
package io.janklab.allocator.preset;

import org.jspecify.annotations.NullMarked;
