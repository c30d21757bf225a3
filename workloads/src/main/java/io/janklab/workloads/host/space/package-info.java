/// The region of addresses that programs play in, on the host's kernel and on the simulated one, and what can be seen of it from outside:
/// VMAs, mapped pages, contents, page tables.
///
/// Invariant: two address spaces that a program has left alike have equal snapshots, whichever kernel they are on.
package io.janklab.workloads.host.space;
