package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.workloads.input.BadInput;
import java.util.function.Consumer;

/// The work before the app starts: other processes fill the memory they hold, on all cores.
final class Boot {
    private static final long STEP_NS = 10_000_000;
    private static final long LONGEST_NS = 600_000_000_000L;

    private final Kernel kernel;
    private int unfinished;

    Boot(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Runs `job` on a thread of `process`.
    void add(Process process, Consumer<Task> job) {
        unfinished++;
        process.spawn(process.name(), TaskAttributes.normal(0), task -> {
            job.accept(task);
            unfinished--;
        });
    }

    /// Lets time pass until every job is done.
    void run() {
        for (long until = STEP_NS; unfinished > 0; until += STEP_NS) {
            if (until > LONGEST_NS) {
                throw new BadInput(
                        "the device is too small for this scenario: its other processes cannot finish filling their memory.");
            }
            kernel.run(until);
        }
    }
}
