/// An Android app on the simulated kernel: its threads, its two heaps and its frames from vsync to present. What it is made of stands in
/// `process`, `binder` and `frame`; the processes it shares the machine with in [io.janklab.workloads.phone].
///
/// **A frame**, stage by stage, with the thread of each. Sources: Choreographer, hwui and SurfaceFlinger of AOSP; FrameTimeline as Perfetto
/// documents it.
///
/// | stage | thread | where |
/// |---|---|---|
/// | app's vsync: `appDurationMs` before SurfaceFlinger's; only if asked for, one ahead at most | interrupt | `Choreographer` |
/// | input, animation, traversal (measure, layout, record); Binder calls, reads, allocations, mappings | main | [UiThread] |
/// | sync, during which main is blocked | RenderThread | [RenderThread] |
/// | `dequeueBuffer`: waits while the app and SurfaceFlinger hold all buffers | RenderThread | `BufferQueue` |
/// | draw commands, `queueBuffer` | RenderThread | |
/// | GPU: one frame after the other | none | `Gpu` |
/// | latch what is ready at its vsync, `sfDurationMs` before the display's; compose | SurfaceFlinger's, SCHED_FIFO | `SurfaceFlinger` |
/// | present: at that vsync, or the first after composing has ended; the buffer shown before is released | display | `Layer` |
///
/// Expected is the time from vsync to `vsync + appDurationMs`; actual is from `doFrame` to the end of RenderThread or GPU, whichever is
/// later; janky is a frame whose actual end is past its expected one. When the RenderThread has waited half a refresh for a buffer, the app
/// leaves one vsync out (Android 16's recovery from buffer stuffing). The display runs at one of its modes, the durations being the same
/// at each.
///
/// Left out: InputDispatcher and its FIFO threads in system_server (an event is a copy of 256 bytes), insets animations, `COMMIT`, hwui's
/// workers (they only allocate), HWC and GPU composition, early and late vsync configurations, mode changes, unsignalled latching,
/// FrameTimeline's display frames.
///
/// Invariant: everything here is user code; it meets the kernel only through system calls, memory accesses, wait queues and trace markers.
/// Random values are drawn from streams named after their purpose, in an order that no kernel can change.
@NullMarked
package io.janklab.workloads.app;

import org.jspecify.annotations.NullMarked;
