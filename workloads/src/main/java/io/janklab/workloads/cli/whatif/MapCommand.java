package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.HeatMap;
import io.janklab.dashboards.report.html.HeatMapHtml;
import io.janklab.dashboards.report.text.HeatMapText;
import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FileTrouble;
import io.janklab.workloads.map.MapJournal;
import io.janklab.workloads.map.MapQuestion;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `janklab map`: where two kernels differ at all.
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        description = {
            "Varies two keys and draws where a metric differs beyond chance between two kernels: CPU load from outside, purging, mapping, "
                    + "devices.",
            "Leaves map.json and map.html, with the command of each cell, in --out (default: map). Until they are whole, each cell that",
            "has ended is in " + MapJournal.NAME + " there: after an interruption, --resume continues."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
public final class MapCommand implements Callable<Integer> {
    /// As few as can tell a difference from chance.
    private static final int DEFAULT_SEEDS = 6;
    private static final String JSON = "map.json";
    private static final String HTML = "map.html";

    @Spec
    private CommandSpec command = CommandSpec.create();

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

    @Option(names = "--resume", description = "Continue the map whose cells are in --out, which has its question.")
    private boolean resume;

    @Override
    public Integer call() {
        return resume ? goOn() : begin();
    }

    private int begin() {
        boolean isThere = !common.output().force() && MapJournal.isBegun(journal());
        OutputFolder folder = isThere
                ? new OutputFolder(common.output().requiredFolder())
                : common.output().folder(JSON, "map").orElseThrow();
        MapGrid grid = grid();
        try (MapJournal journal = MapJournal.begin(journal(), question(grid), common.output().force())) {
            return draw(grid, journal, folder);
        }
    }

    private int goOn() {
        try (MapJournal journal = MapJournal.resume(journal())) {
            if (journal.isTorn()) {
                common.output().warn(journal() + ": the last line was never finished; it is dropped, and its cell is repeated.");
            }
            new MapOptions(command).take(journal.question(), String.valueOf(common.output().folderName()));
            MapGrid grid = grid();
            journal.question().checkFiles(question(grid));
            return draw(grid, journal, new OutputFolder(common.output().requiredFolder()));
        }
    }

    private Path journal() {
        return common.output().requiredFolder().resolve(MapJournal.NAME);
    }

    private MapGrid grid() {
        if (kernels.size() != 2) {
            throw new BadInput("map compares two kernels, such as --kernels 6.12,6.17.");
        }
        options.refuseWhatFilesNeed("map");
        if (options.hasRecording()) {
            throw new BadInput("map varies the keys of a scenario: it takes no --recording. janklab sweep --recording FILE --vary "
                    + "cost.tlbi=1,2 varies what a recording has.");
        }
        return MapGrid.of(kernels, x, y, metric, sides -> options.plan(common, sides, DEFAULT_SEEDS, false));
    }

    private MapQuestion question(MapGrid grid) {
        return new MapOptions(command).question(grid.size(), grid.all(options.base(), Side.DEVICE),
                grid.all(options.base(), Side.SCENARIO));
    }

    private int draw(MapGrid grid, MapJournal journal, OutputFolder folder) {
        MapRuns runs = new MapRuns(grid, journal, common.output());
        runs.make();
        HeatMap map = grid.drawn(journal, kernels);
        String json = JsonText.of(Map.of("map", json(map)));
        folder.write(making -> {
            Files.writeString(making.resolve(JSON), json);
            Files.writeString(making.resolve(HTML), HeatMapHtml.text(map));
        });
        forget(journal());
        common.output().print(() -> HeatMapText.of(map), () -> json);
        common.output().remarkWritten(List.of(JSON, HTML));
        return ExitCode.OK;
    }

    /// The map is whole.
    private static void forget(Path journal) {
        try {
            Files.deleteIfExists(journal);
        } catch (IOException e) {
            throw new BadInput(journal + " cannot be deleted (" + FileTrouble.inWords(e) + ").");
        }
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
        ShellCommand again = new ShellCommand(options.command("janklab map --kernels " + String.join(",", kernels)));
        again.option("--x", x).option("--y", y).option("--metric", map.metric()).option("--seeds", String.valueOf(seeds));
        return again.toString();
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
