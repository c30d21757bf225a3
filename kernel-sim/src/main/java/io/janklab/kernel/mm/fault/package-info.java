/// Page faults: which lock they are handled under, and how: anonymous memory, copies on write, files, swap, huge pages (Linux
/// `arch/*/mm/fault.c`, `mm/memory.c`).
///
/// Begin with [io.janklab.kernel.mm.fault.FaultHandler].
///
/// Invariant: a fault that asks for a retry has released its lock.
@NullMarked
package io.janklab.kernel.mm.fault;

import org.jspecify.annotations.NullMarked;
