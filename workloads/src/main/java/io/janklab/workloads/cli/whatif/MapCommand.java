package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.map.MapJournal;
import io.janklab.workloads.map.MapQuestion;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.ShellCommand;
import java.util.List;
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
        MapJob job = new MapJob(common.output());
        return resume ? job.resume(this::planOf) : job.begin(plan());
    }

    private MapPlan plan() {
        MapGrid grid = grid();
        MapQuestion question = new MapOptions(command).question(grid.size(), grid.all(options.base(), Side.DEVICE),
                grid.all(options.base(), Side.SCENARIO));
        return new MapPlan(grid, kernels, options.base(), question, again(grid));
    }

    /// The plan of a question that was asked before, unless the options ask another.
    private MapPlan planOf(MapQuestion before) {
        new MapOptions(command).take(before, String.valueOf(common.output().folderName()));
        return plan();
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

    /// The command that draws this map again.
    private String again(MapGrid grid) {
        ShellCommand again = new ShellCommand(options.command("janklab map --kernels " + String.join(",", kernels)));
        again.option("--x", x).option("--y", y).option("--metric", grid.metric());
        return again.option("--seeds", String.valueOf(grid.plan().seeds().size())).toString();
    }
}
