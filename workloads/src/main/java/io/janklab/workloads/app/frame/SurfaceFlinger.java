package io.janklab.workloads.app.frame;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.device.Display;
import io.janklab.workloads.scenario.Distribution;
import java.util.ArrayList;
import java.util.List;

/// SurfaceFlinger's main thread: wakes up once per refresh, takes each app's finished buffer, composes, and lets the display show it: at
/// the vsync it has woken up for, or, if it has not finished by then, at the next one.
public final class SurfaceFlinger {
    private final Display display;
    private final Distribution compose;
    private final RandomStream random;
    private final List<Layer> layers = new ArrayList<>();
    private long firstPresentNs;

    public SurfaceFlinger(Display display, Distribution compose, RandomStream random) {
        this.display = display;
        this.compose = compose;
        this.random = random;
    }

    public void show(Layer layer) {
        layers.add(layer);
    }

    /// When the first frame was displayed (ns); 0 before.
    public long firstPresentNs() {
        return firstPresentNs;
    }

    /// @param firstNs first wake-up: the first frame's deadline
    public void run(Task task, long firstNs) {
        for (long wakeUp = firstNs; ; wakeUp += display.periodNs()) {
            task.sleepUntil(wakeUp);
            task.settle();
            for (Layer layer : layers) {
                layer.latch(wakeUp);
            }
            task.compute(compose.draw(random));
            present(task, firstVsync(wakeUp + display.sfDurationNs(), task.now()));
        }
    }

    private long firstVsync(long wanted, long now) {
        long missed = now <= wanted ? 0 : (now - wanted + display.periodNs() - 1) / display.periodNs();
        return wanted + missed * display.periodNs();
    }

    private void present(Task task, long presentNs) {
        for (Layer layer : layers) {
            if (layer.present(task, presentNs, display.appDurationNs()) && firstPresentNs == 0) {
                firstPresentNs = presentNs;
            }
        }
    }
}
