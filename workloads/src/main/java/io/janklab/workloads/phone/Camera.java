package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.Mappings;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.CameraModel;
import java.util.ArrayDeque;

/// The camera's process: in a burst it maps a large buffer for every picture, fills it and works on it; it keeps the newest pictures, and
/// none after the burst.
final class Camera {
    private static final double NS_PER_S = 1e9;

    private final CameraModel model;
    private final Process process;
    private final Mappings mappings;
    private final RandomStream random;
    private final ArrayDeque<Long> buffers = new ArrayDeque<>();

    private Camera(Kernel kernel, CameraModel model) {
        this.model = model;
        this.process = kernel.createProcess("camera");
        this.mappings = new Mappings(process.syscalls());
        this.random = kernel.simulation().random("camera");
    }

    static void start(Kernel kernel, Device device, CameraModel model, long startNs) {
        if (model.everyNs() > 0) {
            Camera camera = new Camera(kernel, model);
            camera.process.spawn("camera", device.attributes(0, CpuGroup.FOREGROUND), task -> camera.run(task, startNs));
        }
    }

    private void run(Task task, long startNs) {
        for (long burst = startNs + model.everyNs(); ; burst += model.everyNs()) {
            task.sleepUntil(burst);
            takePictures(task, burst);
            while (!buffers.isEmpty()) {
                mappings.unmap(task, buffers.removeFirst(), model.bufferBytes());
            }
        }
    }

    private void takePictures(Task task, long burst) {
        long gap = (long) (NS_PER_S / model.picturesPerS());
        for (long picture = burst; picture < burst + model.burstNs(); picture += gap) {
            task.sleepUntil(picture);
            long buffer = mappings.map(task, "camera buffer", model.bufferBytes());
            process.syscalls().memory().write(task, buffer, model.bufferBytes());
            task.compute(model.work().draw(random));
            buffers.addLast(buffer);
            if (buffers.size() > model.buffers()) {
                mappings.unmap(task, buffers.removeFirst(), model.bufferBytes());
            }
        }
    }
}
