/// The state of address spaces and of the machine they share (Linux `mm_types.h`): VMAs and their tree, anon_vmas, files, the locks on page
/// tables, TLBs, and what gathers pages on their way out. Also [io.janklab.kernel.mm.space.VmFault], a fault on its way.
///
/// State and the operations that keep it sound; what system calls and faults do with it is in the packages above. One cycle of classes
/// stays here, as in Linux: an `Mm`, its VMAs and the machine know each other.
///
/// Invariant: an entry that maps an anonymous folio lies inside a VMA on the folio's anon_vma.
package io.janklab.kernel.mm.space;
