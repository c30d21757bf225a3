package io.janklab.workloads.host.record;

import io.janklab.workloads.host.program.SyscallProgram;
import java.util.List;

/// A program and a kernel's result of each of its calls.
record AnsweredProgram(SyscallProgram program, List<CallResult> steps) {
    AnsweredProgram {
        steps = List.copyOf(steps);
    }
}
