package io.janklab.allocator.art;

import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.trace.Tracepoints;

/// The parts of the heap that a collector works with.
record HeapParts(
        Syscalls syscalls,
        Tracepoints tracepoints,
        JavaHeapOptions options,
        Mutators mutators,
        LargeObjectSpace largeObjects,
        DaemonPriority priority) {
    UserMemory memory() {
        return syscalls.memory();
    }

    CollectorCosts costs() {
        return options.costs();
    }

    Lifetimes lifetimes() {
        return options.lifetimes();
    }
}
