/// Changes to the bounds and flags of VMAs: splitting, merging, growing stacks (Linux `mm/vma.c`).
///
/// Used by faults and by the system calls on mappings.
///
/// Invariant: every VMA that changes is write-locked first, and is off its anon_vma's tree while its bounds are out of date.
@NullMarked
package io.janklab.kernel.mm.edit;

import org.jspecify.annotations.NullMarked;
