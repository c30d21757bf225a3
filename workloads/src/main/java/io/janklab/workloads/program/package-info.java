/// Programs: what a run executes. Most runs are a whole phone with an app in front; some are one loop of system calls.
///
/// Invariant: a program meets the kernel as user code does; what it measures itself it has timed or counted itself, or read where a user
/// could have read it.
@NullMarked
package io.janklab.workloads.program;

import org.jspecify.annotations.NullMarked;
