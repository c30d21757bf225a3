/// Why two kernels differ: which switch did it, since which version, and what became of one frame under all of them.
///
/// Invariant: all that is said comes from runs with the same seeds, paired; a switch is called silent only where every event of every run
/// was the same.
package io.janklab.workloads.explain;
