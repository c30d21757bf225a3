/// Janklab from Java: a scenario in a few lines of code, its run, and the result.
///
/// Invariant: the same words as on the command line, the same figures as in its reports.
@NullMarked
package io.janklab.workloads.api;

import org.jspecify.annotations.NullMarked;
