package io.janklab.workloads.host.record;

import io.janklab.workloads.host.program.SyscallProgram;
import java.util.List;

/// A program and a kernel's result of each of its calls.
record RecordedProgram(SyscallProgram program, List<Step> steps) {
    RecordedProgram {
        steps = List.copyOf(steps);
    }
}
