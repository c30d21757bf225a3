package io.janklab.workloads.app.process;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.art.JavaHeap;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.workloads.scenario.Churn;
import io.janklab.workloads.scenario.JavaHeapModel;

/// The memory that an app's threads share.
public record AppMemory(Syscalls syscalls, Mappings mappings, DecayingHeap heap, JavaHeap javaHeap, JavaHeapModel javaModel) {
    public UserMemory user() {
        return syscalls.memory();
    }

    public MapChurn churn(String name, Churn churn) {
        return new MapChurn(name, churn, mappings, user());
    }

    /// The calling thread runs Java code from now on.
    public JavaThread attach(Task task) {
        return new JavaThread(syscalls, javaHeap, javaModel, task);
    }
}
