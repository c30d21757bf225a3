package io.janklab.workloads.app.process;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// Which cpuset an app's threads are in, with its clamp, and how urgent its frame threads are: as of the app in front, or of one out of
/// sight (ActivityManager's `OomAdjuster`, by `Process.setProcessGroup`). Threads at nice 10 or more are always in the background's cpuset.
public final class ProcessGroup {
    private final Kernel kernel;
    private final Device device;
    private final Process process;
    private final List<FrameThread> frameThreads = new ArrayList<>();
    private CpuGroup group = CpuGroup.TOP_APP;

    private record FrameThread(Task task, int frontNice) {}

    public ProcessGroup(Kernel kernel, Device device, Process process) {
        this.kernel = kernel;
        this.device = device;
        this.process = process;
    }

    /// A new thread starts in its process's group.
    public Task spawn(String name, int nice, Consumer<Task> body) {
        return process.spawn(name, device.attributes(nice, groupOf(nice)), body);
    }

    private CpuGroup groupOf(int nice) {
        return nice >= AppNice.BACKGROUND ? CpuGroup.BACKGROUND : group;
    }

    /// The thread is boosted while the app is in front.
    ///
    /// @param frontNice its nice value then
    public void addFrameThread(Task task, int frontNice) {
        frameThreads.add(new FrameThread(task, frontNice));
    }

    public void enterFront() {
        moveTo(CpuGroup.TOP_APP);
        frameThreads.forEach(each -> each.task.setNice(each.frontNice));
    }

    public void leaveFront() {
        frameThreads.forEach(each -> each.task.setNice(AppNice.NORMAL));
        moveTo(CpuGroup.BACKGROUND);
    }

    private void moveTo(CpuGroup newGroup) {
        group = newGroup;
        for (Task task : kernel.scheduler().tasks()) {
            if (task.tgid() == process.tgid() && task.isAlive()) {
                place(task);
            }
        }
    }

    /// Makes a running thread that urgent.
    public void setNice(Task task, int nice) {
        if (task.nice() != nice) {
            task.setNice(nice);
            place(task);
        }
    }

    private void place(Task task) {
        task.setAffinity(device.cpus(groupOf(task.nice())));
        task.setUtilClamp(Objects.requireNonNull(device.uclamp().get(groupOf(task.nice()))));
    }
}
