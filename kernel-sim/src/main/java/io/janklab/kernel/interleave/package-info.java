/// The accesses by which tasks can observe each other, reported to the explorer of their interleavings.
///
/// Invariant: in an ordinary run every call here does nothing, and the compiler removes it; under exploration another task may go first
/// at each of them, so code that calls must be correct if it does.
@NullMarked
package io.janklab.kernel.interleave;

import org.jspecify.annotations.NullMarked;
