/// Page tables: entries, PTE tables, the tree of directories above them, and entries that map 2 MiB at once.
///
/// Knows frames, but not their use.
///
/// Invariant: a table counts its entries that are not none; a table that has been freed throws when it is touched.
@NullMarked
package io.janklab.kernel.mm.table;

import org.jspecify.annotations.NullMarked;
