/// ART's HeapTaskDaemon as far as the native heap is concerned: a time-ordered task queue worked off at nice 4, and the tasks that
/// purge.
///
/// Invariant: tasks run one at a time, on the daemon's own simulated task, none before its time.
package io.janklab.allocator.art;
