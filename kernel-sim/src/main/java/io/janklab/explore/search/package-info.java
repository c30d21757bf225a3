/// The search of schedules: depth first without what is equivalent, by chance, by preemption bounds; and a found schedule made shorter.
///
/// Invariant: a search depends on its strategy alone, and its verdict is the same on any number of cores.
@NullMarked
package io.janklab.explore.search;

import org.jspecify.annotations.NullMarked;
