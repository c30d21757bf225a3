package io.janklab.workloads.app;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.AwayModel;

/// ActivityManager's part in an app's leaving the front and coming back: another app takes its place, and its memory; this one loses its
/// boost and is told to trim.
///
/// **Caveat.** A thread keeps the cpuset it was born in: the app that leaves is not moved to the background's cores.
final class Away {
    /// system_server's ActivityManager thread (`THREAD_PRIORITY_FOREGROUND`).
    private static final int NICE = -2;

    private final AwayModel model;
    private final AndroidApp app;
    private final Mailbox<Boolean> otherApp;
    private final long startNs;

    private Away(AwayModel model, AndroidApp app, Mailbox<Boolean> otherApp, long startNs) {
        this.model = model;
        this.app = app;
        this.otherApp = otherApp;
        this.startNs = startNs;
    }

    static void start(Kernel kernel, Device device, AwayModel model, AndroidApp app, SystemServer systemServer, long startNs) {
        if (model.everyNs() > 0) {
            Mailbox<Boolean> otherApp = new Mailbox<>(0);
            Away away = new Away(model, app, otherApp, startNs);
            systemServer.spawn("ActivityManager", NICE, away::run);
            Process other = kernel.createProcess("com.example.other");
            RandomStream random = kernel.simulation().random("other-app");
            other.spawn("main", device.attributes(AndroidApp.TOP_APP_BOOST, CpuGroup.TOP_APP), task -> away.beOtherApp(task, other, random));
        }
    }

    private void run(Task task) {
        for (long leaves = startNs + model.everyNs(); ; leaves += model.everyNs()) {
            task.sleepUntil(leaves);
            app.leaveFront(task);
            otherApp.post(task, true);
            task.sleepUntil(leaves + model.forNs());
            app.comeToFront(task);
        }
    }

    /// Fills its memory when it first comes forward, and touches all of it each time.
    private void beOtherApp(Task task, Process process, RandomStream random) {
        Mappings mappings = new Mappings(process.syscalls());
        long memory = mappings.map(task, "dalvik-main space", model.otherBytes());
        while (true) {
            otherApp.take(task);
            process.syscalls().memory().write(task, memory, model.otherBytes());
            task.compute(model.otherWork().draw(random));
        }
    }
}
