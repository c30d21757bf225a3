/// The surface user code calls: system calls, memory accesses that may fault, and pthread-like mutexes built on futex.
///
/// Invariant: calls return like the kernel, a value or −errno; user code sees nothing else of the kernel.
@NullMarked
package io.janklab.kernel.syscall;

import org.jspecify.annotations.NullMarked;
