/// Which kernel, on what hardware, at what cost: everything about a run that is data.
///
/// Invariant: immutable values; nothing here knows how the kernel uses them.
@NullMarked
package io.janklab.kernel.config;

import org.jspecify.annotations.NullMarked;
