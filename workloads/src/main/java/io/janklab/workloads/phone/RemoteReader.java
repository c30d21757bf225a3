package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.AppNice;
import io.janklab.workloads.app.process.Arrivals;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.RemoteReaderModel;
import java.util.List;

/// A profiler that looks up the app's memory in `/proc/PID/maps` and reads it through `/proc/PID/mem`, some of it each time.
final class RemoteReader {
    private final RemoteReaderModel model;
    private final Process process;
    private final int appTgid;
    private final RandomStream random;

    private RemoteReader(Kernel kernel, RemoteReaderModel model, int appTgid) {
        this.model = model;
        this.process = kernel.createProcess("profiler");
        this.appTgid = appTgid;
        this.random = kernel.simulation().random("remote-reader");
    }

    static void start(Kernel kernel, Device device, RemoteReaderModel model, int appTgid, long startNs) {
        if (model.perS() > 0) {
            RemoteReader reader = new RemoteReader(kernel, model, appTgid);
            CpuGroup group = model.nice() >= AppNice.BACKGROUND ? CpuGroup.BACKGROUND : CpuGroup.FOREGROUND;
            reader.process.spawn("profiler", device.attributes(model.nice(), group), task -> reader.run(task, startNs));
        }
    }

    private void run(Task task, long startNs) {
        Arrivals arrivals = new Arrivals(random, model.perS(), startNs);
        while (true) {
            arrivals.await(task);
            readSome(task, MapsFile.writable(task, process.syscalls(), appTgid, random));
        }
    }

    /// From a mapping drawn at random on, from one to the next. Some may have been unmapped by now, which is an error as on Linux.
    private void readSome(Task task, List<MapsFile.Range> ranges) {
        long left = model.bytes();
        for (int i = random.nextInt(ranges.size()); i < ranges.size() && left > 0; i++) {
            MapsFile.Range range = ranges.get(i);
            long length = Math.min(left, range.end() - range.start());
            process.syscalls().readProcMem(task, appTgid, range.start(), length);
            left -= length;
        }
    }
}
