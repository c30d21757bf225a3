package io.janklab.workloads.phone;

import io.janklab.kernel.cpu.Task;
import io.janklab.workloads.app.AndroidApp;
import io.janklab.workloads.scenario.AwayModel;

/// ActivityManager's part when an app leaves the foreground and comes back: another app takes its place; this one is asked to trim, and
/// from then on runs on the background's cores.
final class Away {
    /// system_server's ActivityManager thread (`THREAD_PRIORITY_FOREGROUND`).
    private static final int NICE = -2;

    private final AwayModel model;
    private final AndroidApp app;
    private final OtherApp otherApp;
    private final long startNs;

    private Away(AwayModel model, AndroidApp app, OtherApp otherApp, long startNs) {
        this.model = model;
        this.app = app;
        this.otherApp = otherApp;
        this.startNs = startNs;
    }

    static void start(AwayModel model, AndroidApp app, OtherApp otherApp, SystemServer systemServer, long startNs) {
        systemServer.spawn("ActivityManager", NICE, new Away(model, app, otherApp, startNs)::run);
    }

    private void run(Task task) {
        for (long leaves = startNs + model.everyNs(); ; leaves += model.everyNs()) {
            task.sleepUntil(leaves);
            app.leaveFront(task);
            otherApp.comeToFront(task);
            task.sleepUntil(leaves + model.forNs());
            otherApp.leaveFront(task);
            app.comeToFront(task);
        }
    }
}
