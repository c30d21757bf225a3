/// Cores, tasks and the scheduler: which task runs where, when, and at whose expense.
///
/// Invariant: a task's code runs only while the task is current on a core, and virtual time passes for it only at
/// [io.janklab.kernel.cpu.Task#settle] and while it is blocked or runnable.
@NullMarked
package io.janklab.kernel.cpu;

import org.jspecify.annotations.NullMarked;
