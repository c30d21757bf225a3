/// Numbers shared between the kernel and user space (Linux `include/uapi`): errno, protection bits, mapping flags, madvise advice.
///
/// Invariant: constants only, with Linux's own names and values.
@NullMarked
package io.janklab.kernel.uapi;

import org.jspecify.annotations.NullMarked;
