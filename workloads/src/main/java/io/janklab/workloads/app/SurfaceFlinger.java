package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.device.Display;
import io.janklab.workloads.scenario.Distribution;

/// SurfaceFlinger's main thread: wakes up once per refresh, takes a finished buffer, composes, and lets the display show it.
final class SurfaceFlinger {
    private final Display display;
    private final Distribution compose;
    private final RandomStream random;
    /// Null until an app has one.
    private Layer layer;
    private Buffer shown;
    private long firstPresentNs;

    SurfaceFlinger(Display display, Distribution compose, RandomStream random) {
        this.display = display;
        this.compose = compose;
        this.random = random;
    }

    void show(Layer appLayer) {
        layer = appLayer;
    }

    /// When the first frame of all was on the display (ns); 0 before.
    long firstPresentNs() {
        return firstPresentNs;
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
        Buffer buffer = layer == null ? null : layer.buffers().takeDone(wakeUp);
        if (buffer == null) {
            return;
        }
        long presentNs = wakeUp + display.sfDurationNs();
        firstPresentNs = firstPresentNs == 0 ? presentNs : firstPresentNs;
        if (shown != null) {
            shown.releaseAt(Math.max(presentNs, task.now()));
        }
        shown = buffer;
        layer.markers().presented(task, layer.tgid(), buffer, display.appDurationNs());
    }
}
