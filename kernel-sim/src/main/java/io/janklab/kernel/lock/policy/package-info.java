/// The decisions of Linux's mm locks that a what-if may take differently, and some that do: one file each.
///
/// Invariant: a policy decides and changes nothing; what it is shown, it is shown as it is at that instant. That nobody is let in beside a
/// writer is checked by the lock, whatever the policy says.
@NullMarked
package io.janklab.kernel.lock.policy;

import org.jspecify.annotations.NullMarked;
