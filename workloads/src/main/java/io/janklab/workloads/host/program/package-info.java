/// Programs of system calls for the host's kernel: lists of calls, their random generation, and the known differences between kernels.
///
/// Invariant: a program reaches no address outside [io.janklab.program.Region] and leaves nothing that cannot be undone.
@NullMarked
package io.janklab.workloads.host.program;

import org.jspecify.annotations.NullMarked;
