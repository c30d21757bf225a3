package io.janklab.workloads.app.process;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.workloads.scenario.Churn;
import java.util.ArrayDeque;

/// One thread's short-lived mappings: mapped, written, unmapped when their time is up.
public final class MapChurn {
    private final String name;
    private final Churn churn;
    private final Mappings mappings;
    private final UserMemory memory;
    private final ArrayDeque<Mapping> live = new ArrayDeque<>();

    private record Mapping(long address, long expiresNs) {}

    MapChurn(String name, Churn churn, Mappings mappings, UserMemory memory) {
        this.name = name;
        this.churn = churn;
        this.mappings = mappings;
        this.memory = memory;
    }

    public void map(Task task, int count) {
        for (int i = 0; i < count; i++) {
            long address = mappings.map(task, name, churn.bytes());
            memory.write(task, address, churn.bytes());
            live.addLast(new Mapping(address, task.now() + churn.lifetimeNs()));
        }
    }

    public void unmapExpired(Task task) {
        while (!live.isEmpty() && live.getFirst().expiresNs() <= task.now()) {
            mappings.unmap(task, live.removeFirst().address(), churn.bytes());
        }
    }
}
