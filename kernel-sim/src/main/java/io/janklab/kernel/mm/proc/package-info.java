/// What others see of an address space: `/proc/PID/maps` and `smaps`, and reads of another process's memory.
///
/// Each read goes on where the last one stopped.
///
/// Invariant: nothing here changes an address space, but that a page may be faulted in.
@NullMarked
package io.janklab.kernel.mm.proc;

import org.jspecify.annotations.NullMarked;
