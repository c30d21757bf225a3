/// The region of addresses that programs use, on the host's kernel and on the simulated one, and its state as seen from outside: VMAs,
/// mapped pages, contents, page tables.
///
/// Invariant: two address spaces that a program has left in the same state have equal snapshots, whichever kernel they are on.
@NullMarked
package io.janklab.workloads.host.space;

import org.jspecify.annotations.NullMarked;
