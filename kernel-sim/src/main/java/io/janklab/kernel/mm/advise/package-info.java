/// madvise and process_madvise: which lock each advice takes, and what it does (Linux `mm/madvise.c`).
///
/// Begin with [io.janklab.kernel.mm.advise.MadviseLocks], the table, and [io.janklab.kernel.mm.advise.Madvise].
///
/// Invariant: advice never changes a page's contents except by dropping the page.
@NullMarked
package io.janklab.kernel.mm.advise;

import org.jspecify.annotations.NullMarked;
