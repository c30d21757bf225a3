/// An address space as others see it: `/proc/PID/maps`, `smaps` and `numa_maps`, and reads of another process's memory.
///
/// Each read continues where the last one stopped.
///
/// Invariant: nothing here changes an address space, except that a page may be faulted in.
@NullMarked
package io.janklab.kernel.mm.proc;

import org.jspecify.annotations.NullMarked;
