package io.janklab.workloads.cli.run;

import io.janklab.dashboards.compare.Diff;
import io.janklab.dashboards.compare.SavedResult;
import io.janklab.dashboards.file.Unfinished;
import io.janklab.dashboards.report.html.DiffHtml;
import io.janklab.dashboards.report.json.DiffJson;
import io.janklab.dashboards.report.json.SavedResultJson;
import io.janklab.dashboards.report.text.DiffText;
import io.janklab.program.Nearest;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The work of `diff`: reads both results, writes the folder, prints.
///
/// @param output in which form; of Markdown the summary alone
record DiffJob(Output output, DiffPlan plan) implements Job {
    private static final String JSON = "diff.json";

    DiffJob {
        output = plan.markdown() ? output.resultsOnly() : output;
    }

    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(JSON, DiffJson.KEY);
        Diff diff = diff();
        boolean worse = fails(diff);
        folder.ifPresent(out -> out.write(making -> {
            Files.writeString(making.resolve("diff.html"), DiffHtml.text(diff));
            Files.writeString(making.resolve("diff.md"), DiffText.markdown(diff));
            Files.writeString(making.resolve(JSON), DiffJson.text(diff));
        }));
        output.print(() -> plan.markdown() ? DiffText.markdown(diff) : text(diff), () -> DiffJson.text(diff));
        output.nothingToVerify();
        output.remarkWritten(List.of("diff.html", "diff.md", JSON));
        return worse ? ExitCode.WORSE : ExitCode.OK;
    }

    private Diff diff() {
        try {
            return Diff.of(read(plan.before()), read(plan.after()));
        } catch (IllegalArgumentException e) {
            throw new BadInput(e.getMessage() + ".");
        }
    }

    private static SavedResult read(Path folderOrFile) {
        Unfinished.settle(folderOrFile);
        Path file = Files.isDirectory(folderOrFile) ? folderOrFile.resolve(RunFiles.RESULT) : folderOrFile;
        if (!Files.isRegularFile(file)) {
            throw new BadInput("there is no " + file + ": give a folder that run or compare has written.");
        }
        try {
            return SavedResultJson.read(file);
        } catch (IOException e) {
            throw new BadInput(file + " cannot be compared: " + e.getMessage() + ".");
        }
    }

    /// @throws BadInput if a metric that was asked for is in no result
    private boolean fails(Diff diff) {
        if (plan.failOn().contains(DiffPlan.NOTHING)) {
            return false;
        }
        List<String> metrics = plan.failOn().stream()
                .map(metric -> metric.equals(DiffPlan.HEADLINE) ? diff.before().headline() : metric).toList();
        metrics.stream().filter(metric -> !metric.equals(DiffPlan.ANY) && !isIn(diff, metric)).findFirst().ifPresent(unknown -> {
            throw new BadInput("--fail-on: the results have no metric '" + unknown + "'"
                    + Nearest.hint(unknown, diff.before().kernels().getFirst().bySeed().keySet().stream().toList()) + ".");
        });
        return metrics.contains(DiffPlan.ANY) ? diff.isWorse() : diff.isWorseIn(metrics);
    }

    private static boolean isIn(Diff diff, String metric) {
        return diff.pairs().stream().anyMatch(pair -> pair.comparison(metric) != null);
    }

    private String text(Diff diff) {
        return RunJob.printed(out -> DiffText.print(diff, out, output.ink()));
    }
}
