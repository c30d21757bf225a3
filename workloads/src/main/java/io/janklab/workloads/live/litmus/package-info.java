/// Litmuses for the Explore page: a schedule that breaks a rule, step by step, with the locks each task holds.
///
/// Invariant: the schedule is the one that `janklab explore` finds and prints.
@NullMarked
package io.janklab.workloads.live.litmus;

import org.jspecify.annotations.NullMarked;
