package io.janklab.workloads.host.record;

import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs programs on one kernel and keeps the results.
final class Recorder {
    /// The process's other threads disturb the count of page tables now and then.
    private static final int ATTEMPTS = 5;

    private final AddressSpace kernel;

    Recorder(AddressSpace kernel) {
        this.kernel = kernel;
    }

    /// Runs the program until it has had the same result twice.
    ///
    /// @return null if it never does
    @Nullable RecordedProgram record(SyscallProgram program) {
        List<Step> before = run(program);
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            List<Step> again = run(program);
            if (again.equals(before)) {
                return new RecordedProgram(program, again);
            }
            before = again;
        }
        return null;
    }

    /// Runs a program that cannot be repeated, because it seals memory.
    RecordedProgram recordOnce(SyscallProgram program) {
        return new RecordedProgram(program, run(program));
    }

    private List<Step> run(SyscallProgram program) {
        kernel.clear();
        List<Step> steps = new ArrayList<>();
        for (int step = 0; step < program.size(); step++) {
            String answer = kernel.call(program.calls().get(step), step);
            steps.add(new Step(answer, kernel.snapshot()));
        }
        return steps;
    }
}
