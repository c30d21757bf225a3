/// System calls on mappings: mmap, munmap, mprotect, mremap, brk, mlock, mseal, mincore, fork; and zapping, which most of them end in.
///
/// All but mincore work under mmap_lock for writing.
///
/// Invariant: when a call returns no VMA is left detached with pages mapped, and no page mapped outside of a VMA.
@NullMarked
package io.janklab.kernel.mm.map;

import org.jspecify.annotations.NullMarked;
