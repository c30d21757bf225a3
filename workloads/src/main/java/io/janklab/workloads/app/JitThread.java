package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.AppClock;
import io.janklab.workloads.app.process.AppMemory;
import io.janklab.workloads.app.process.Arrivals;
import io.janklab.workloads.scenario.JitModel;

/// The Jit thread pool's worker: every compilation maps an arena, fills it while it works, and unmaps it.
final class JitThread {
    private static final int PIECES = 4;

    private final AppMemory memory;
    private final JitModel model;
    private final RandomStream random;
    private final Arrivals arrivals;

    JitThread(AppClock clock, AppMemory memory, JitModel model) {
        this.memory = memory;
        this.model = model;
        this.random = clock.random("jit");
        this.arrivals = new Arrivals(random, model.perS(), clock.startNs());
    }

    void run(Task task) {
        while (true) {
            arrivals.await(task);
            compile(task, model.compile().draw(random));
        }
    }

    private void compile(Task task, long workNs) {
        long arena = memory.mappings().map(task, "dalvik-arena", model.arenaBytes());
        long piece = model.arenaBytes() / PIECES;
        for (int i = 0; i < PIECES; i++) {
            memory.user().write(task, arena + i * piece, piece);
            task.compute(workNs / PIECES);
        }
        memory.mappings().unmap(task, arena, model.arenaBytes());
    }
}
