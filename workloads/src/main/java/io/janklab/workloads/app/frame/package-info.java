/// A frame outside the app's own threads: what it costs, when its vsync is delivered, the buffers it passes through, GPU,
/// SurfaceFlinger and display, and the trace markers of all that.
///
/// Invariant: the n-th vsync brings the same work to every kernel ([io.janklab.workloads.app.frame.FramePlanner]).
@NullMarked
package io.janklab.workloads.app.frame;

import org.jspecify.annotations.NullMarked;
