/// Always-on truth: the whole kernel's structure, checked against itself.
///
/// Invariant: a check changes only what it must settle first (the per-CPU LRU batches), and names every violation it finds.
@NullMarked
package io.janklab.kernel.check;

import org.jspecify.annotations.NullMarked;
