/// userfaultfd: arming VMAs, sleeping faults, filling and moving pages (Linux `fs/userfaultfd.c`, `mm/userfaultfd.c`).
///
/// VMAs know it only as [io.janklab.kernel.mm.space.FaultOwner].
///
/// Invariant: a VMA that is armed names its userfaultfd, and no other takes it over.
@NullMarked
package io.janklab.kernel.mm.uffd;

import org.jspecify.annotations.NullMarked;
