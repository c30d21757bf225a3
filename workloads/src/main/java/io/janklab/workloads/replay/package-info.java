/// Allocation traces: AOSP `memory_replay` files, or ones generated with the same mix, and their replay into a simulated heap.
///
/// Invariant: a trace is immutable and complete. Every record names its block by a dense number, every block is allocated once and
/// released at most once, after its allocation; the replay executes every record, each by the task of its own thread.
@NullMarked
package io.janklab.workloads.replay;

import org.jspecify.annotations.NullMarked;
