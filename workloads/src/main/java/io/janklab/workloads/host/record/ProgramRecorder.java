package io.janklab.workloads.host.record;

import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.ComparedSpace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs programs on one kernel and keeps the results.
final class ProgramRecorder {
    /// The process's other threads disturb the count of page tables now and then.
    private static final int ATTEMPTS = 5;

    private final ComparedSpace kernel;

    ProgramRecorder(ComparedSpace kernel) {
        this.kernel = kernel;
    }

    /// Runs the program until it has had the same result twice.
    ///
    /// @return null if it never does
    @Nullable AnsweredProgram record(SyscallProgram program) {
        List<CallResult> before = run(program);
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            List<CallResult> again = run(program);
            if (again.equals(before)) {
                return new AnsweredProgram(program, again);
            }
            before = again;
        }
        return null;
    }

    /// Runs a program that cannot be repeated, because it seals memory.
    AnsweredProgram recordOnce(SyscallProgram program) {
        return new AnsweredProgram(program, run(program));
    }

    private List<CallResult> run(SyscallProgram program) {
        kernel.clear();
        List<CallResult> steps = new ArrayList<>();
        for (int step = 0; step < program.size(); step++) {
            String answer = kernel.call(program.calls().get(step), step);
            steps.add(new CallResult(answer, kernel.snapshot()));
        }
        return steps;
    }
}
