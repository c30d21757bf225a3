package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.page.Swap;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.LmkdModel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Android's low-memory killer (`system/memory/lmkd/lmkd.cpp`, `mp_event_psi`): when free memory is below the low watermark and little
/// swap is free (LOW_MEM_AND_SWAP), it kills the cached app of the highest `oom_score_adj`, which is the one that was in use longest ago.
/// It looks at fixed times; what wakes the real one, pressure-stall information, is not modelled.
final class Lmkd {
    private static final int RT_PRIORITY = 1;

    private final MemoryManager memory;
    private final LmkdModel model;
    private final Deque<Process> cached;

    private Lmkd(MemoryManager memory, LmkdModel model, List<Process> cached) {
        this.memory = memory;
        this.model = model;
        this.cached = new ArrayDeque<>(cached);
    }

    /// @param cached what may be killed, the first first
    static void start(Kernel kernel, Device device, LmkdModel model, List<Process> cached, long startNs) {
        if (model.pollNs() > 0) {
            Lmkd lmkd = new Lmkd(kernel.memory(), model, cached);
            kernel.createProcess("lmkd").spawn("lmkd", TaskAttributes.fifo(RT_PRIORITY, device.cpus(CpuGroup.TOP_APP)),
                    task -> lmkd.run(task, startNs));
        }
    }

    private void run(Task task, long startNs) {
        for (long next = startNs; !cached.isEmpty(); next += model.pollNs()) {
            task.sleepUntil(next);
            if (isMemoryLow() && isSwapLow()) {
                cached.removeFirst().kill(task);
            }
        }
    }

    private boolean isMemoryLow() {
        return memory.frames().free() < memory.watermarks().low();
    }

    /// `swap_is_low`; no swap at all is low as well.
    private boolean isSwapLow() {
        Swap swap = memory.swap();
        return swap.free() <= swap.slots() * model.swapFreeLow();
    }
}
