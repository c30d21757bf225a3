package io.janklab.workloads.app;

/// What SurfaceFlinger shows of one app: its buffers, and the app as traces know it.
record Layer(BufferQueue buffers, FrameMarkers markers, int tgid) {}
