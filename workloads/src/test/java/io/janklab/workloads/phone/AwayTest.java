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
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.GeneratedTrace;
import io.janklab.workloads.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The app is in front for 400 ms and away for 400 ms, and once more.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AwayTest {
    private static final long MS = 1_000_000;
    private static final long AWAY = 400 * MS;
    /// Until what was under way at a change has ended.
    private static final long SLACK = 2 * MS;

    private final Device device = Device.find("pixel-6");
    private final List<Run> runs = new ArrayList<>();
    private long startNs;

    /// A task gets a core; ns since the start.
    private record Run(long at, String process, String thread, int prio, int cpu) {}

    @BeforeAll
    void runTwoSeconds() {
        Kernel kernel = device.boot(new Simulation(1), KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64));
        Scenario scenario = Scenario.find(
                "background-trim", Map.of("away.everyS", "0.8", "away.forS", "0.4", "away.otherMiB", "16", "backgroundApps.count", "0",
                        "warmUpS", "0"));
        kernel.tracepoints().attach(new TraceListener() {
            @Override
            public void schedSwitch(long now, int cpu, TracedTask previous, TaskState state, TracedTask next) {
                if (next != null) {
                    runs.add(new Run(now - startNs, next.processName(), next.name(), next.prio(), cpu));
                }
            }
        });
        Phone phone = new Phone(kernel, device, scenario, new GeneratedTrace("systemui", 20_000, 1), 2_000 * MS);
        phone.run();
        startNs = phone.countedFromNs();
        runs.replaceAll(run -> new Run(run.at() - startNs, run.process(), run.thread(), run.prio(), run.cpu()));
    }

    private static boolean isAway(long at) {
        long sinceLeft = at % (2 * AWAY);
        return at > 2 * AWAY && sinceLeft > SLACK && sinceLeft < AWAY;
    }

    private static boolean isInFront(long at) {
        return at < 2 * AWAY || at % (2 * AWAY) > AWAY + SLACK;
    }

    private List<Run> runsOf(String process, Predicate<Run> when) {
        return runs.stream().filter(run -> run.at() > 0 && run.process().equals(process) && when.test(run)).toList();
    }

    @Test
    void whileAwayEveryThreadOfTheAppRunsOnTheBackgroundsCoresUnboosted() {
        List<Run> away = runsOf(AndroidApp.PROCESS, run -> isAway(run.at()));

        assertThat(away).isNotEmpty().allSatisfy(run -> {
            assertThat(device.cpus(CpuGroup.BACKGROUND).contains(run.cpu())).as(run.toString()).isTrue();
            assertThat(run.prio()).isGreaterThanOrEqualTo(118);
        });
    }

    @Test
    void backInFrontItHasItsCoresAndItsBoostAgain() {
        List<Run> back = runsOf(AndroidApp.PROCESS,
                run -> run.at() > 3 * AWAY + SLACK && isInFront(run.at()) && run.thread().equals("main"));

        assertThat(back).hasSizeGreaterThan(20).allSatisfy(run -> assertThat(run.prio()).isEqualTo(110));
        assertThat(back).anySatisfy(run -> assertThat(run.cpu()).isGreaterThan(3));
    }

    @Test
    void otherAppDrawsFramesWhileItIsInFrontAndOnlyThen() {
        Predicate<Run> draws = run -> run.thread().equals("RenderThread");

        assertThat(runsOf("com.example.other", draws.and(run -> isAway(run.at())))).hasSizeGreaterThan(30);
        assertThat(runsOf("com.example.other", draws.and(run -> isInFront(run.at()) && run.at() % (2 * AWAY) > AWAY + 50 * MS))).isEmpty();
    }
}
