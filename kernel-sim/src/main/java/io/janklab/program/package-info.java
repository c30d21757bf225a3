/// Programs of system calls as text: their operations, the arguments these take, and how each is written. One language for programs that
/// are compared with the host's kernel, for litmuses, and for programs that are measured.
///
/// Invariant: a call that [io.janklab.program.Confinement] permits changes nothing outside of [io.janklab.program.Region].
@NullMarked
package io.janklab.program;

import org.jspecify.annotations.NullMarked;
