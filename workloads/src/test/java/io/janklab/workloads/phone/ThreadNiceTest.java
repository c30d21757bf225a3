package io.janklab.workloads.phone;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.sim.Simulation;
import io.janklab.workloads.app.AndroidApp;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.GeneratedTrace;
import io.janklab.workloads.scenario.Scenario;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// How urgent a thread of the app is, is a key of the scenario.
@Execution(ExecutionMode.CONCURRENT)
final class ThreadNiceTest {
    private static final long MS = 1_000_000;
    private static final int NICE_0 = 120;
    private static final int FIRST_MID_CPU = 4;

    /// The nice values that each thread of the app had while it ran, and the cores on which pool-2-thread-1 and RenderThread did.
    private final Map<String, Set<Integer>> nice = new TreeMap<>();
    private final Map<String, Set<Integer>> cpus = new TreeMap<>();

    private void run(String name, Map<String, String> keys) {
        Device device = Device.find("pixel-6");
        Kernel kernel = device.boot(new Simulation(1), KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64));
        kernel.tracepoints().attach(new TraceListener() {
            @Override
            public void schedSwitch(long now, int cpu, TracedTask previous, TaskState state, TracedTask next) {
                if (next != null && next.processName().equals(AndroidApp.PROCESS)) {
                    nice.computeIfAbsent(next.name(), _ -> new TreeSet<>()).add(next.prio() - NICE_0);
                    cpus.computeIfAbsent(next.name(), _ -> new TreeSet<>()).add(cpu);
                }
            }
        });
        new Phone(kernel, device, Scenario.find(name, keys), new GeneratedTrace("systemui", 20_000, 1), 600 * MS).run();
    }

    @Test
    void threadsAreAsUrgentAsAndroidHasThem() {
        run("scroll", Map.of("warmUpS", "0"));

        assertThat(nice).containsEntry("main", Set.of(-10)).containsEntry("RenderThread", Set.of(-10))
                .containsEntry("Jit thread pool", Set.of(9)).containsEntry("pool-2-thread-1", Set.of(10))
                .containsEntry("hwuiTask0", Set.of(-2)).containsEntry("binder:1", Set.of(0));
    }

    @Test
    void niceOfHwuisWorkersAndOfBinderThreadsCanBeSet() {
        run("scroll", Map.of("warmUpS", "0", "hwuiTask.nice", "6", "binder.nice", "-3"));

        assertThat(nice).containsEntry("hwuiTask0", Set.of(6)).containsEntry("hwuiTask1", Set.of(6))
                .containsEntry("binder:1", Set.of(-3));
    }

    @Test
    void niceOfEachThreadOfTheAppCanBeSetAndFrom10OnItIsInTheBackgroundCpuset() {
        run("scroll", Map.of("warmUpS", "0", "frame.ui.nice", "-4", "frame.renderThread.nice", "12", "jit.nice", "3", "workers.nice", "1"));

        assertThat(nice).containsEntry("main", Set.of(-4)).containsEntry("RenderThread", Set.of(12))
                .containsEntry("Jit thread pool", Set.of(3)).containsEntry("pool-2-thread-1", Set.of(1));
        assertThat(cpus.get("RenderThread")).allMatch(cpu -> cpu < FIRST_MID_CPU);
        assertThat(cpus.get("pool-2-thread-1")).anyMatch(cpu -> cpu >= FIRST_MID_CPU);
    }

    @Test
    void niceOfAScenariosOwnThreadCanBeSet() {
        run("flutter", Map.of("warmUpS", "0", "threads.io.nice", "7"));

        assertThat(nice).containsEntry("1.io", Set.of(7)).containsEntry("1.ui", Set.of(-10));
    }
}
