package io.janklab.workloads.cli.plan;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.workloads.map.Places;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import io.janklab.workloads.sweep.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Everything read, checked and ready to run: from here on nothing can be wrong with the input except its demands on the device.
///
/// @param settings what is compared, or the one thing that runs; the others are compared with the first
/// @param bound the first setting with every lock granted at once; null if it is not asked for
/// @param trace that drives the native heap; null if that is generated
/// @param traceInput the trace as described in reports; null without one
/// @param recording runs instead of the scenario; null for the scenario
/// @param specs setting by setting, the bound last, and for each seed by seed
/// @param readings what is printed of the native heap at the end of the first run of each setting
public record RunPlan(
        List<Setting> settings,
        @Nullable Setting bound,
        List<Long> seeds,
        @Nullable AllocationTrace trace,
        @Nullable TraceInput traceInput,
        @Nullable RecordedCase recording,
        List<RunSpec> specs,
        Exports exports,
        HeapReadings readings) {
    public RunPlan {
        settings = List.copyOf(settings);
        seeds = List.copyOf(seeds);
        specs = List.copyOf(specs);
    }

    /// The name of what runs.
    public String workload() {
        return recording == null ? names(setting -> setting.scenario().name()) : recording.title();
    }

    /// The name that all sides share, or if they differ all of their names, `pixel-6, pixel-8`.
    public String names(Function<Setting, String> part) {
        return settings.stream().map(part).distinct().collect(Collectors.joining(", "));
    }

    /// Whether sides differ in more than their kernels.
    boolean comparesSettings() {
        return settings.stream().anyMatch(setting -> !setting.label().equals(setting.kernel().name()));
    }

    /// Those of `results`, one for each of the specs, that belong to the setting of that index.
    public List<RunResult> runsOf(int setting, List<RunResult> results) {
        return results.subList(setting * seeds.size(), (setting + 1) * seeds.size());
    }

    /// The same of the first seeds only.
    public RunPlan first(int count) {
        List<RunSpec> runs = new ArrayList<>();
        for (int from = 0; from < specs.size(); from += seeds.size()) {
            runs.addAll(specs.subList(from, from + count));
        }
        return new RunPlan(settings, bound, seeds.subList(0, count), trace, traceInput, recording, runs, exports, readings);
    }

    /// The experiment made of the results.
    ///
    /// @param results one for each of the specs
    public Experiment experiment(List<RunResult> results) {
        return unplaced(results).at(place());
    }

    private String place() {
        String onMaps = recording == null && trace == null ? Places.of(settings) : Places.ofReplays(settings);
        return recording == null ? onMaps : (recording.nullTest().sentence() + " " + onMaps).strip();
    }

    /// The same without its place on the published maps, which takes a third of a second to find.
    public Experiment unplaced(List<RunResult> results) {
        List<KernelResult> kernels = kernelResults(results);
        KernelResult best = bound == null ? null : kernelResult(bound, runsOf(kernels.size(), results));
        return Experiment.of(workload(), names(setting -> setting.device().name()), settings.getFirst().scenario().headline(), seeds,
                traceInput, kernels, best);
    }

    /// Of each setting, without the bound.
    public List<KernelResult> kernelResults(List<RunResult> results) {
        List<KernelResult> kernels = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            kernels.add(kernelResult(settings.get(i), runsOf(i, results)));
        }
        return kernels;
    }

    /// Of the setting of that index.
    ///
    /// @param results one for each seed
    public KernelResult kernelResult(int setting, List<RunResult> results) {
        return kernelResult(settings.get(setting), results);
    }

    private static KernelResult kernelResult(Setting setting, List<RunResult> results) {
        return new KernelResult(setting.label(), setting.values(), results.stream().map(RunResult::run).toList(), setting.command());
    }
}
