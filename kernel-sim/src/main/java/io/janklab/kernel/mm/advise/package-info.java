/// madvise and process_madvise: which lock each advice takes, and what is done (Linux `mm/madvise.c`).
///
/// Begin with [io.janklab.kernel.mm.advise.MadviseLocks], the table, and [io.janklab.kernel.mm.advise.Madvise].
///
/// Invariant: advice never changes what a page holds but by dropping it.
@NullMarked
package io.janklab.kernel.mm.advise;

import org.jspecify.annotations.NullMarked;
