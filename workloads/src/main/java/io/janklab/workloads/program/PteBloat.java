package io.janklab.workloads.program;

import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.scenario.PteBloatModel;
import java.util.List;

/// Maps much memory and touches and discards it piece by piece: empty page tables are left, unless the kernel reclaims them (the loop of
/// "mm: pgtable: reclaim empty PTE page in madvise(MADV_DONTNEED)", Linux 6.14).
public final class PteBloat implements Program {
    private static final String NAME = "pte-bloat";
    private static final int ANONYMOUS = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE;
    private static final long STEP_NS = 100_000_000;
    private static final double KB = 1024;

    private final Kernel kernel;
    private final PteBloatModel model;
    private final long durationNs;
    private final Process process;
    private boolean done;

    /// @param durationNs when to stop if it is not done by then
    public PteBloat(Kernel kernel, PteBloatModel model, long durationNs) {
        this.kernel = kernel;
        this.model = model;
        this.durationNs = durationNs;
        this.process = kernel.createProcess(NAME);
    }

    @Override
    public String process() {
        return NAME;
    }

    @Override
    public void run() {
        process.spawn(NAME, TaskAttributes.normal(0), task -> {
            touchAndDiscard(task, process.syscalls());
            done = true;
        });
        for (long until = STEP_NS; !done && until <= durationNs; until += STEP_NS) {
            kernel.run(until);
        }
    }

    private void touchAndDiscard(Task task, Syscalls syscalls) {
        long heap = syscalls.mmap(task, 0, model.mappedBytes(), Mman.PROT_RW, ANONYMOUS);
        if (Errno.isError(heap)) {
            throw new BadInput("pteBloat.mappedGiB is too much: mmap returned " + Errno.describe(heap) + ".");
        }
        for (long offset = 0; offset + model.stepBytes() <= model.mappedBytes(); offset += model.stepBytes()) {
            syscalls.memory().write(task, heap + offset, model.stepBytes());
            long result = syscalls.madvise(task, heap + offset, model.stepBytes(), Mman.MADV_DONTNEED);
            if (result < 0) {
                throw new IllegalStateException("madvise returned " + Errno.describe(result));
            }
        }
        task.settle();
    }

    @Override
    public List<Quantity> quantities(RunMeasurement measurement) {
        return List.of(new Quantity("VmPTE", "kB", measurement.memory().pageTableEndBytes() / KB));
    }
}
