/// A run as a Perfetto trace: scheduling and trace markers as in ftrace, locks as slices with flows from holder to waiter, memory as
/// counters, frames on SurfaceFlinger's timeline.
///
/// [Fields] is the part of Perfetto's format that is written here. Packets are written as events happen; only the present running, waiting
/// and holding tasks are kept. Invariant: within a [TraceWindows] window slices nest, and every thread's states join without gaps from its
/// first to the window's end.
@NullMarked
package io.janklab.dashboards.perfetto;

import org.jspecify.annotations.NullMarked;
