package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.TradeOffs;
import io.janklab.dashboards.report.html.TradeOffHtml;
import io.janklab.dashboards.report.json.TradeOffJson;
import io.janklab.dashboards.report.text.Ink;
import io.janklab.dashboards.report.text.TradeOffText;
import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.plan.Notes;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.cli.run.Job;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
    private static final String JSON = "advice.json";
    private static final String HTML = "advice.html";
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
            common.output().print(AdviseCommand::listed, () -> JsonText.of(Tried.comments()));
            return ExitCode.OK;
        }
        options.refuseWhatFilesNeed("advise");
        var folder = common.output().folder(JSON, TradeOffJson.KEY).orElseThrow();
        List<Side> sides = new ArrayList<>(List.of(Side.ofKernel(kernel).with(Map.of(Side.NAME, IN_USE))));
        tried().forEach(side -> sides.add(Side.ofKernel(kernel).with(side.values())));
        RunPlan plan = options.plan(common, sides, DEFAULT_SEEDS, false);
        TradeOffs tradeOffs = tradeOffs(plan, results(plan));
        folder.write(making -> {
            Files.writeString(making.resolve(JSON), TradeOffJson.text(tradeOffs));
            Files.writeString(making.resolve(HTML), TradeOffHtml.text(tradeOffs));
        });
        common.output().print(() -> text(tradeOffs) + "\n" + new Notes(plan).legend(), () -> TradeOffJson.text(tradeOffs));
        common.output().remarkWritten(List.of(JSON, HTML));
        return ExitCode.OK;
    }

    private static String listed() {
        StringBuilder text = new StringBuilder();
        var comments = Tried.comments();
        Tried.read(null).forEach(side -> {
            String name = side.values().get(Side.NAME);
            String set = side.values().entrySet().stream()
                    .filter(each -> !each.getKey().equals(Side.NAME)).map(Object::toString).collect(Collectors.joining(","));
            text.append(name).append(": ").append(set).append("\n    ").append(comments.get(name)).append('\n');
        });
        return text.toString();
    }

    private List<Side> tried() {
        if (tries.isEmpty()) {
            return Tried.read(file);
        }
        if (file != null) {
            throw new BadInput("--try and --tries are mutually exclusive: give one of them.");
        }
        return tries.stream().map(text -> Side.parse("--try", text)).toList();
    }

    private List<RunResult> results(RunPlan plan) {
        List<RunResult> results;
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), common.output().isSilent(), common.output().err())) {
            results = new LocalRunner().run(plan.specs(), progress);
        }
        common.output().verify(Job.digests(results), () -> Job.digests(new LocalRunner().run(plan.specs(), result -> {})));
        return results;
    }

    private static TradeOffs tradeOffs(RunPlan plan, List<RunResult> results) {
        List<KernelResult> settings = plan.kernelResults(results);
        if (settings.stream().anyMatch(setting -> setting.frames().count() == 0)) {
            throw new BadInput("advise counts late frames, and " + plan.workload() + " draws none.");
        }
        String headline = plan.settings().getFirst().scenario().headline();
        return TradeOffs.of(plan.workload(), plan.names(setting -> setting.device().name()), headline, settings);
    }

    private static String text(TradeOffs tradeOffs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TradeOffText.print(tradeOffs, new PrintStream(bytes, true, StandardCharsets.UTF_8),
                CommandLine.Help.Ansi.AUTO.enabled() ? Ink.COLOURED : Ink.PLAIN);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
