/// ART's Java heap as the kernel and the app's threads see it, and the HeapTaskDaemon that maintains it (Android 16's `runtime/gc`).
///
/// [JavaHeap][io.janklab.allocator.art.JavaHeap] hands out TLABs and large objects, counts, and requests collections; one of two collectors
/// moves the live objects: [ConcurrentCopying][io.janklab.allocator.art.ConcurrentCopying] from region to region,
/// [MarkCompact][io.janklab.allocator.art.MarkCompact] within one space by userfaultfd.
///
/// **Caveats.** There are no objects: which bytes live follows [Lifetimes][io.janklab.allocator.art.Lifetimes], and the costs of marking,
/// copying and visiting roots are parameters. Pages, their faults and their release are real.
///
/// Invariant: a thread in managed code keeps every address it was given until it passes a safepoint; no collector moves or releases memory
/// under it before that. Heap tasks run one at a time, on the daemon's own simulated task, none before its time.
@NullMarked
package io.janklab.allocator.art;

import org.jspecify.annotations.NullMarked;
