/// Programs of system calls: their operations, their text, their random generation, and the known differences between kernels.
///
/// Invariant: a program reaches no address outside [io.janklab.workloads.host.sys.Region] and leaves nothing that cannot be undone.
package io.janklab.workloads.host.program;
