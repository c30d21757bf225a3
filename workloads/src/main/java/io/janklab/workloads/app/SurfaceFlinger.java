package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.device.Display;
import io.janklab.workloads.scenario.Distribution;

/// SurfaceFlinger's main thread: wakes up once per refresh, takes a finished buffer, composes, and lets the display show it.
final class SurfaceFlinger {
    private final Display display;
    private final BufferQueue buffers;
    private final FrameMarkers markers;
    private final int appTgid;
    private final Distribution compose;
    private final RandomStream random;
    private Buffer shown;

    SurfaceFlinger(Display display, BufferQueue buffers, FrameMarkers markers, int appTgid, Distribution compose, RandomStream random) {
        this.display = display;
        this.buffers = buffers;
        this.markers = markers;
        this.appTgid = appTgid;
        this.compose = compose;
        this.random = random;
    }

    /// @param firstNs first wake-up: the first frame's deadline
    void run(Task task, long firstNs) {
        for (long wakeUp = firstNs; ; wakeUp += display.periodNs()) {
            task.sleepUntil(wakeUp);
            latch(task, wakeUp);
            task.compute(compose.draw(random));
        }
    }

    private void latch(Task task, long wakeUp) {
        Buffer buffer = buffers.takeDone(wakeUp);
        if (buffer == null) {
            return;
        }
        long presentNs = wakeUp + display.sfDurationNs();
        if (shown != null) {
            shown.releaseAt(Math.max(presentNs, task.now()));
        }
        shown = buffer;
        markers.presented(task, appTgid, buffer, display.appDurationNs());
    }
}
