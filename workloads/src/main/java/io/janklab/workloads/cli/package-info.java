/// The `janklab` command.
///
/// Invariant: exit codes are 0 for success, 1 for a failure of ours, 2 for input we cannot use; results go to stdout, everything else
/// to stderr; output files appear whole or not at all.
@NullMarked
package io.janklab.workloads.cli;

import org.jspecify.annotations.NullMarked;
