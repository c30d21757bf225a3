package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.TradeOffs;
import io.janklab.dashboards.report.html.TradeOffHtml;
import io.janklab.dashboards.report.json.TradeOffJson;
import io.janklab.dashboards.report.text.TradeOffText;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.plan.Notes;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.run.RunJob;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
import java.nio.file.Files;
import java.util.List;

/// The work of `advise`: runs the setting in use and those tried in its place, writes the folder, prints.
///
/// @param plan the setting in use first
record AdviseJob(Output output, RunPlan plan) implements Job {
    private static final String JSON = "advice.json";
    private static final String HTML = "advice.html";

    @Override
    public int run() {
        OutputFolder folder = output.folder(JSON, TradeOffJson.KEY).orElseThrow();
        TradeOffs tradeOffs = tradeOffs(results());
        folder.write(making -> {
            Files.writeString(making.resolve(JSON), TradeOffJson.text(tradeOffs));
            Files.writeString(making.resolve(HTML), TradeOffHtml.text(tradeOffs, new Notes(plan).settings()));
        });
        output.print(() -> text(tradeOffs) + "\n" + new Notes(plan).legend(), () -> TradeOffJson.text(tradeOffs));
        output.remarkWritten(List.of(JSON, HTML));
        return ExitCode.OK;
    }

    private List<RunResult> results() {
        List<RunResult> results;
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), output.isSilent(), output.err())) {
            results = new LocalRunner().run(plan.specs(), progress);
        }
        output.verify(RunJob.digests(results), () -> RunJob.digests(new LocalRunner().run(plan.specs(), result -> {})));
        return results;
    }

    private TradeOffs tradeOffs(List<RunResult> results) {
        List<KernelResult> settings = plan.kernelResults(results);
        if (settings.stream().anyMatch(setting -> setting.frames().count() == 0)) {
            throw new BadInput("advise counts late frames, and " + plan.workload() + " draws none.");
        }
        String headline = plan.settings().getFirst().scenario().headline();
        return TradeOffs.of(plan.workload(), plan.names(setting -> setting.device().name()), headline, settings);
    }

    private String text(TradeOffs tradeOffs) {
        return RunJob.printed(out -> TradeOffText.print(tradeOffs, out, output.ink()));
    }
}
