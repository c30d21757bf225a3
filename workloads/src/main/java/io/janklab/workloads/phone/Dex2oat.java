package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.Mappings;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Dex2oatModel;

/// dex2oat compiles an installed app: its threads take the code MiB by MiB, read it through a mapping (a fault that waits for storage
/// wherever it is not in memory yet, on the same device as the app's own reads), compile it in an arena of memory, and unmap that.
final class Dex2oat {
    private static final long PART_BYTES = 1 << 20;
    /// Memory is written while it compiles, in so many steps.
    private static final int STEPS = 8;

    private final Dex2oatModel model;
    private final Mappings mappings;
    private final Process process;
    private final VirtualFile file;
    private final RandomStream random;
    private long address;
    private long done;

    private Dex2oat(Kernel kernel, Dex2oatModel model) {
        this.model = model;
        this.process = kernel.createProcess("dex2oat64");
        this.mappings = new Mappings(process.syscalls());
        this.file = kernel.memory().pageCache().create("other.apk", (int) (model.fileBytes() / Hardware.PAGE_SIZE));
        this.random = kernel.simulation().random("dex2oat");
    }

    static void start(Kernel kernel, Device device, Dex2oatModel model, long startNs) {
        if (model.fileBytes() > 0) {
            Dex2oat dex2oat = new Dex2oat(kernel, model);
            dex2oat.process.spawn("dex2oat64", device.attributes(model.nice(), model.cpus()), task -> dex2oat.main(task, device, startNs));
        }
    }

    private void main(Task task, Device device, long startNs) {
        task.sleepUntil(startNs + model.startNs());
        address = mappings.mapFile(task, 0, model.fileBytes(), Mman.PROT_READ, file, 0);
        for (int i = 1; i < model.threads(); i++) {
            process.spawn("dex2oat64", device.attributes(model.nice(), model.cpus()), this::compile);
        }
        compile(task);
    }

    private void compile(Task task) {
        while (done < model.fileBytes()) {
            long part = address + done;
            done += PART_BYTES;
            long work = model.workPerMib().draw(random);
            compile(task, part, work);
        }
    }

    private void compile(Task task, long part, long work) {
        long arena = model.arenaBytes() == 0 ? 0 : mappings.map(task, "dex2oat arena", model.arenaBytes());
        for (int step = 0; step < STEPS; step++) {
            process.syscalls().memory().read(task, part + PART_BYTES / STEPS * step, PART_BYTES / STEPS);
            task.compute(work / STEPS);
            if (model.arenaBytes() > 0) {
                process.syscalls().memory().write(task, arena + model.arenaBytes() / STEPS * step, model.arenaBytes() / STEPS);
            }
        }
        if (model.arenaBytes() > 0) {
            mappings.unmap(task, arena, model.arenaBytes());
        }
    }
}
