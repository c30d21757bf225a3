/// A run as a Perfetto trace: scheduling and trace markers as ftrace tells them, locks as slices with flows from holder to waiter, memory
/// as counters, frames on SurfaceFlinger's timeline.
///
/// [Fields] is the part of Perfetto's format that is written here. Packets are written as things happen; what is kept is who runs, waits
/// and holds at the moment. Invariant: within a [TraceWindows] window slices nest, and every thread's states join without gaps from its
/// first to the window's end.
package io.janklab.dashboards.perfetto;
