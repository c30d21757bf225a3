package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.kernel.trace.TaskState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResourceTest {
    private static final long MS = 1_000_000;

    private final Experiment experiment = Samples.experiment(10);
    private final KernelResult first = experiment.kernels().getFirst();

    private Resource resource(String metric) {
        return experiment.resources().stream().filter(each -> each.metric().equals(metric)).findFirst().orElseThrow();
    }

    @Test
    void cpuOfTheAppIsThatOfItsThreads() {
        double threads = experiment.resources().stream()
                .filter(each -> each.metric().startsWith(Resource.THREAD_CPU))
                .mapToDouble(each -> each.mean(first))
                .sum();

        assertThat(threads).isPositive();
        assertThat(resource(Resource.APP_CPU).mean(first)).isCloseTo(threads, within(1e-9));
    }

    @Test
    void cpuIsInMillisecondsPerSecondOfTheRunsOwnLength() {
        SeedRun run = first.runs().getFirst();
        long runningNs = run.measurement().appTasks().filter(times -> times.name().equals("main")).mapToLong(TaskTimes::runningNs).sum();

        assertThat(resource("cpu.app.main").value().applyAsDouble(run)).isCloseTo(1e3 * runningNs / run.virtualNs(), within(1e-9));
    }

    /// The app runs for 30 ms of 100 and a thread of another process for 20.
    private static SeedRun besideAStranger() {
        RunRecorder recorder = new RunRecorder(TraceScript.APP);
        TraceScript trace = new TraceScript(recorder);
        FakeTask ui = trace.ui();
        FakeTask stranger = trace.stranger("logd");
        FakeTask sleeper = trace.task("never runs", 0);
        trace.at(0).runs(ui).at(30 * MS).blocks(ui, TaskState.INTERRUPTIBLE);
        trace.at(40 * MS).runs(stranger).at(60 * MS).blocks(stranger, TaskState.INTERRUPTIBLE).isWoken(sleeper);
        return new SeedRun(1, 1, 100 * MS, MS, recorder.finish(100 * MS));
    }

    @Test
    void cpuOfOthersIsThatOfAllTasksWithoutTheApps() {
        SeedRun run = besideAStranger();

        assertThat(Resource.appCpu().of(run)).isCloseTo(300, within(1e-9));
        assertThat(Resource.otherCpu().of(run)).isCloseTo(200, within(1e-9));
        assertThat(Resource.appThread("main").of(run)).isCloseTo(300, within(1e-9));
    }

    @Test
    void threadsThatNeverRanAreNotShown() {
        KernelResult kernel = new KernelResult("6.12", Map.of(), List.of(besideAStranger()));

        assertThat(Resource.of(List.of(kernel))).extracting(Resource::metric).filteredOn(metric -> metric.startsWith(Resource.THREAD_CPU))
                .containsExactly(Resource.THREAD_CPU + "main");
    }

    @Test
    void resourcesAreCorrectedForEachOtherAndNotForTheFrames() {
        Evidence evidence = experiment.evidenceOfResources("6.17");

        assertThat(evidence.comparisons()).extracting(Comparison::metric).allMatch(Resource::isOne);
        assertThat(evidence.others()).isEqualTo(experiment.resources().size());
        assertThat(experiment.evidence("6.17").comparisons()).extracting(Comparison::metric).noneMatch(Resource::isOne);
        assertThat(experiment.comparison("6.17", Resource.RSS_MEAN).verdict()).isNotEqualTo(Comparison.Verdict.TOO_FEW_SEEDS);
    }
}
