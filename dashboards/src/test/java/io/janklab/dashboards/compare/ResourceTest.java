package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.measure.result.TaskTimes;
import org.junit.jupiter.api.Test;

final class ResourceTest {
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

        assertThat(resource(Resource.APP_CPU).mean(first)).isCloseTo(threads, within(1e-9));
    }

    @Test
    void cpuIsInMillisecondsPerSecondOfTheRunsOwnLength() {
        SeedRun run = first.runs().getFirst();
        long runningNs = run.measurement().appTasks().filter(times -> times.name().equals("main")).mapToLong(TaskTimes::runningNs).sum();

        assertThat(resource("cpu.app.main").value().applyAsDouble(run)).isCloseTo(1e3 * runningNs / run.virtualNs(), within(1e-9));
    }

    @Test
    void cpuOfOthersIsThatOfAllTasksWithoutTheApps() {
        SeedRun run = first.runs().getFirst();
        long all = run.measurement().tasks().stream().mapToLong(TaskTimes::runningNs).sum();
        long app = run.measurement().appTasks().mapToLong(TaskTimes::runningNs).sum();

        assertThat(Resource.otherCpu().value().applyAsDouble(run)).isCloseTo(1e3 * (all - app) / run.virtualNs(), within(1e-9));
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
