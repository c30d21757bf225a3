package io.janklab.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.lock.LockdepViolation;
import io.janklab.kernel.trace.TaskState;
import io.janklab.sim.Event;
import io.janklab.sim.Simulation;
import org.junit.jupiter.api.Test;

final class TaskFailureTest {
    private final Simulation simulation = new Simulation(77);
    private final Kernel kernel = new Kernel(
            simulation,
            Hardware.symmetric(Architecture.ARM64, 2, 64 << 20),
            KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64),
            CostModel.defaults());
    private final Process process = kernel.createProcess("app");

    private TaskFailure failure() {
        return catchThrowableOfType(TaskFailure.class, () -> kernel.run(1_000_000));
    }

    @Test
    void brokenRuleIsReportedWithTaskSeedLocksAndEveryLiveTasksStack() {
        process.spawn("sleeper", TaskAttributes.normal(0), task -> {
            process.mm().mmapLock().downRead(task);
            sleepForEver(task);
        });
        process.spawn("finished", TaskAttributes.normal(0), task -> {});
        process.spawn("culprit", TaskAttributes.normal(0), task -> {
            task.compute(10_000);
            task.preemptDisable();
            process.mm().mmapLock().downRead(task);
        });

        TaskFailure failure = failure();

        assertThat(failure).hasCauseInstanceOf(LockdepViolation.class).hasMessageContaining("app/culprit").hasMessageContaining("seed 77");
        assertThat(failure.report()).startsWith("app/culprit").contains("at io.janklab.kernel.lock.Lockdep.mightSleep");
        assertThat(failure.report()).containsPattern("app/sleeper \\(tid \\d+\\) D on cpu \\d, holds mmap_lock app \\(read\\)");
        assertThat(failure.report()).contains("TaskFailureTest.sleepForEver").contains("kswapd0").doesNotContain("finished");
    }

    private static void sleepForEver(Task task) {
        task.block(TaskState.UNINTERRUPTIBLE);
    }

    @Test
    void ruleBrokenInAnInterruptIsReportedWithTheTasksToo() {
        process.spawn("sleeper", TaskAttributes.normal(0), TaskFailureTest::sleepForEver);
        new Event(simulation) {
            @Override
            protected void fire() {
                throw new KernelRuleBroken("kernel bug: thrown on purpose");
            }
        }.schedule(500_000);

        TaskFailure failure = failure();

        assertThat(failure).hasMessage("an interrupt failed at 500000 ns, seed 77: kernel bug: thrown on purpose");
        assertThat(failure.report()).contains("app/sleeper");
    }
}
