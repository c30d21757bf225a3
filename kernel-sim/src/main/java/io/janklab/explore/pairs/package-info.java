/// Crosses ordinary operations on memory with each other, in every state that memory can be in, and looks for interleavings that break a
/// rule of the kernel. A production kernel must not be accused.
///
/// Invariant: each accusation is a litmus file that reproduces it.
@NullMarked
package io.janklab.explore.pairs;

import org.jspecify.annotations.NullMarked;
