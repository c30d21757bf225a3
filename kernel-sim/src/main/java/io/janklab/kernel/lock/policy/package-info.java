/// The decisions of Linux's mm locks that a what-if may make differently, and some policies that do: one file each.
///
/// Invariant: a policy decides and changes nothing; its arguments show the state at that instant. The lock itself checks that no task is
/// let in beside a writer, whatever the policy says.
@NullMarked
package io.janklab.kernel.lock.policy;

import org.jspecify.annotations.NullMarked;
