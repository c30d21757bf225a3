package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.input.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab advise`: a dozen settings tried in place of the one in use, ranked by their savings and costs.
@Command(
        name = "advise",
        mixinStandardHelpOptions = true,
        description = {
            "Tries kernels, allocators and their options in place of the current ones, and ranks them by late frames, memory and CPU.",
            "Leaves advice.json and advice.html, with the Pareto front as a picture, in --out (default: advice)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
public final class AdviseCommand implements Callable<Integer> {
    /// As few as can tell three figures of a dozen settings from chance.
    private static final int DEFAULT_SEEDS = 12;
    private static final String IN_USE = "in-use";

    @Mixin
    private CommonOptions common = new CommonOptions("advice");

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--kernel", paramLabel = "VERSION", completionCandidates = Choices.Kernels.class,
            description = "Kernel in use (default: ${DEFAULT-VALUE}); --set says what else is.")
    private String kernel = "6.12";

    @Option(
            names = "--try",
            paramLabel = "SETTING",
            description = "Try this in place of the list: KEY=VALUE,KEY=VALUE… as --b of compare takes it; may be repeated.")
    private List<String> tries = new ArrayList<>();

    @Option(names = "--tries", paramLabel = "FILE",
            description = "YAML file of what to try, NAME: SETTING a line, in place of the bundled list (janklab advise --list).")
    private @Nullable String file;

    @Option(names = "--list", description = "Show the settings that are tried, and run nothing.")
    private boolean list;

    @Override
    public Integer call() {
        if (list) {
            common.output().print(Tried::listed, () -> JsonText.of(Tried.comments()));
            return ExitCode.OK;
        }
        options.refuseWhatFilesNeed("advise");
        return new AdviseJob(common.output(), plan()).run();
    }

    private RunPlan plan() {
        options.check(Side.ofKernel(kernel));
        List<Side> sides = new ArrayList<>(List.of(Side.ofKernel(kernel).with(Map.of(Side.NAME, IN_USE))));
        tried().forEach(side -> sides.add(Side.ofKernel(kernel).with(side.values())));
        return options.plan(common, sides, DEFAULT_SEEDS, false);
    }

    private List<Side> tried() {
        if (tries.isEmpty()) {
            return Tried.read(file, side -> options.check(Side.ofKernel(kernel).with(side.values())));
        }
        if (file != null) {
            throw new BadInput("--try and --tries are mutually exclusive: give one of them.");
        }
        return tries.stream().map(text -> Side.parse("--try", text)).toList();
    }
}
