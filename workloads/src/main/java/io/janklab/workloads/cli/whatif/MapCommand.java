package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.HeatMap;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedMetric;
import io.janklab.dashboards.report.html.HeatMapHtml;
import io.janklab.dashboards.report.text.HeatMapText;
import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.cli.run.Job;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.Design;
import io.janklab.workloads.sweep.Factor;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.ShellCommand;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab map`: where two kernels differ at all.
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        description = {
            "Varies two keys and draws where a metric differs beyond chance between two kernels: CPU load from outside, purging, mapping, "
                    + "devices.",
            "Leaves map.json and map.html, with the command of each cell, in --out (default: map)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
public final class MapCommand implements Callable<Integer> {
    /// As few as can tell a difference from chance.
    private static final int DEFAULT_SEEDS = 6;
    private static final String JSON = "map.json";
    private static final String HTML = "map.html";

    @Mixin
    private CommonOptions common = new CommonOptions("map");

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--kernels",
            paramLabel = "A,B",
            split = ",",
            defaultValue = DefaultKernels.BOTH,
            completionCandidates = Choices.Kernels.class,
            description = "The two kernels (default: ${DEFAULT-VALUE}).")
    private List<String> kernels = List.of();

    @Option(
            names = "--x",
            paramLabel = "KEY=A,B",
            description =
                    "What changes from column to column, as --vary takes it, or device=A,B (default: ${DEFAULT-VALUE}, CPU load from "
                    + "outside).")
    private String x = "load.foreground.share=0.06,0.5,0.9";

    @Option(
            names = "--y",
            paramLabel = "KEY=A,B",
            description = "What changes from row to row (default: ${DEFAULT-VALUE}, how much is allocated, and so collected and purged).")
    private String y = "javaHeap.workerKibPerS=8192,65536,262144";

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "Metric, such as frameOverrunMs.P99 or inversion.uiNs (default: the scenario's headline).")
    private @Nullable String metric;

    @Override
    public Integer call() {
        if (kernels.size() != 2) {
            throw new BadInput("map compares two kernels, such as --kernels 6.12,6.17.");
        }
        OutputFolder folder = common.output().folder(JSON, "map").orElseThrow();
        HeatMap map = map();
        String json = JsonText.of(Map.of("map", json(map)));
        folder.write(making -> {
            Files.writeString(making.resolve(JSON), json);
            Files.writeString(making.resolve(HTML), HeatMapHtml.text(map));
        });
        common.output().print(() -> HeatMapText.of(map), () -> json);
        common.output().remarkWritten(List.of(JSON, HTML));
        return ExitCode.OK;
    }

    private HeatMap map() {
        Factor columns = Factor.parse(x);
        Factor rows = Factor.parse(y);
        List<Map<String, String>> points = Design.points(Design.GRID, List.of(rows, columns));
        List<Side> sides = new ArrayList<>();
        points.forEach(point -> kernels.forEach(kernel -> sides.add(Side.ofKernel(kernel).with(point))));
        RunPlan plan = options.plan(common, sides, DEFAULT_SEEDS, false);
        List<KernelResult> results = results(plan);
        String judged = metric == null ? plan.settings().getFirst().scenario().headline() : metric;
        List<String> xs = points.stream().map(point -> point.get(columns.key())).distinct().toList();
        List<String> ys = points.stream().map(point -> point.get(rows.key())).distinct().toList();
        List<List<HeatMap.Cell>> cells = new ArrayList<>();
        for (int row = 0; row < ys.size(); row++) {
            List<HeatMap.Cell> line = new ArrayList<>();
            for (int column = 0; column < xs.size(); column++) {
                int at = row * xs.size() + column;
                line.add(cell(plan, results.get(2 * at), results.get(2 * at + 1), judged));
            }
            cells.add(line);
        }
        String title = kernels.getFirst() + " and " + kernels.getLast() + ": " + plan.workload() + " on "
                + plan.names(setting -> setting.device().name()) + ", " + plan.seeds().size() + " seeds";
        return new HeatMap(title, judged, columns.key(), xs, rows.key(), ys, cells);
    }

    private List<KernelResult> results(RunPlan plan) {
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), common.output().isSilent(), common.output().err())) {
            List<RunResult> results = new LocalRunner().run(plan.specs(), progress);
            common.output().verify(Job.digests(results), () -> Job.digests(new LocalRunner().run(plan.specs(), result -> {})));
            return plan.kernelResults(results);
        }
    }

    private HeatMap.Cell cell(RunPlan plan, KernelResult from, KernelResult to, String judged) {
        Experiment experiment = Experiment.of(plan.workload(), "", judged, plan.seeds(), null, List.of(from, to), null);
        Comparison comparison = experiment.comparison(to.name(), judged);
        if (comparison == null) {
            throw new BadInput("--metric: there is no metric '" + judged + "'; there is "
                    + String.join(", ", SeedMetric.names(from.runs().getFirst())) + ".");
        }
        double mean = from.runs().stream().mapToDouble(SeedMetric.of(judged, from.runs().getFirst())::of).average().orElseThrow();
        // A run may have none, such as an app that was never displayed.
        String inWords = Double.isNaN(mean) ? "–" : String.format(Locale.ROOT, "%.2f", mean);
        return new HeatMap.Cell(comparison, inWords, command(plan, from));
    }

    /// The command that compares the two kernels in that cell alone: the first one's run, for both.
    private String command(RunPlan plan, KernelResult from) {
        String one = "janklab run --kernel " + kernels.getFirst();
        String compare = "janklab compare --kernels " + String.join(",", kernels);
        return Objects.requireNonNull(from.command()).replace(one, compare) + " --seeds " + plan.seeds().size();
    }

    /// As [io.janklab.workloads.map.PublishedMap] reads it.
    private Map<String, Object> json(HeatMap map) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", map.title());
        json.put("command", command(map));
        json.put("kernels", kernels);
        json.put("scenario", options.base().values().get(Side.SCENARIO));
        json.put("device", options.base().values().get(Side.DEVICE));
        json.put("set", options.base().changes());
        json.put("metric", map.metric());
        json.put("seeds", map.cells().getFirst().getFirst().comparison().seeds());
        json.put("x", axis(map.x(), map.xs()));
        json.put("y", axis(map.y(), map.ys()));
        json.put("cells", map.cells().stream().map(row -> row.stream().map(MapCommand::cell).toList()).toList());
        return json;
    }

    /// The command that draws this map again.
    private String command(HeatMap map) {
        int seeds = map.cells().getFirst().getFirst().comparison().seeds();
        ShellCommand command = new ShellCommand(options.command("janklab map --kernels " + String.join(",", kernels)));
        command.option("--x", x).option("--y", y).option("--metric", map.metric()).option("--seeds", String.valueOf(seeds));
        return command.toString();
    }

    private static Map<String, Object> axis(String key, List<String> values) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("values", values);
        return json;
    }

    private static Map<String, Object> cell(HeatMap.Cell cell) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", cell.from());
        json.put("difference", cell.comparison().difference());
        json.put("low", cell.comparison().low());
        json.put("high", cell.comparison().high());
        json.put("p", cell.comparison().p());
        json.put("beyondChance", cell.comparison().isBeyondChance());
        json.put("command", cell.command());
        return json;
    }
}
