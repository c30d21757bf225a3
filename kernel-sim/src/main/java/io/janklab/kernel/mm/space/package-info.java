/// The state of address spaces and of the machine they share (Linux `mm_types.h`): VMAs and their tree, anon_vmas, files, the locks on page
/// tables, TLBs, and the gather of pages to be freed. Also [io.janklab.kernel.mm.space.VmFault], a fault in progress.
///
/// State and the operations that keep it sound; system calls and faults are in the packages above. One cycle of classes stays here, as in
/// Linux: an `Mm`, its VMAs and the machine know each other.
///
/// Invariant: an entry that maps an anonymous folio lies inside a VMA on the folio's anon_vma.
@NullMarked
package io.janklab.kernel.mm.space;

import org.jspecify.annotations.NullMarked;
