/// The contract of a simulated heap: its operations, their results, and their costs.
///
/// Invariant: a heap hands out only memory it got from its process's kernel, never two live blocks that overlap; misuse is refused
/// before anything changes.
@NullMarked
package io.janklab.allocator;

import org.jspecify.annotations.NullMarked;
