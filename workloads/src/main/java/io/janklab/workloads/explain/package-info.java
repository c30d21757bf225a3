/// Why two kernels differ: which switch did it, since which version, and the fate of one frame on all of them.
///
/// Invariant: all findings come from runs with the same seeds, paired; a switch is called silent only where every event of every run was
/// the same.
@NullMarked
package io.janklab.workloads.explain;

import org.jspecify.annotations.NullMarked;
