package io.janklab.workloads.cli.run;

import io.janklab.dashboards.compare.Diff;
import io.janklab.dashboards.compare.SavedResult;
import io.janklab.dashboards.file.Unfinished;
import io.janklab.dashboards.report.html.DiffHtml;
import io.janklab.dashboards.report.json.DiffJson;
import io.janklab.dashboards.report.json.SavedResultJson;
import io.janklab.dashboards.report.text.DiffText;
import io.janklab.dashboards.report.text.Ink;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Nearest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab diff`: two results, before and after.
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the results of two earlier runs or comparisons, kernel by kernel and seed by seed, for continuous integration.",
            "Leaves diff.html, diff.md and diff.json in --out if that is given."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is worse", "1:internal failure", "2:bad input", "6:a metric of --fail-on is worse beyond chance"})
public final class DiffCommand implements Callable<Integer> {
    private static final String ANY = "any";
    private static final String NOTHING = "nothing";
    private static final String HEADLINE = "headline";
    private static final String JSON = "diff.json";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "BEFORE", description = "Folder of the result before, or its result.json.")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "AFTER", description = "Folder of the result after.")
    private Path after = Path.of("");

    @Option(names = "--markdown", description = "Print the summary in Markdown, and nothing else.")
    private boolean markdown;

    @Option(
            names = "--fail-on",
            paramLabel = "METRIC",
            split = ",",
            defaultValue = HEADLINE,
            description =
                    "What must not be worse: headline, any, nothing, or metrics such as frames.janky, memory.rssMeanMiB (default: "
                    + "${DEFAULT-VALUE}).")
    private List<String> failOn = List.of();

    @Override
    public Integer call() {
        Output output = markdown ? common.output().resultsOnly() : common.output();
        var folder = output.folder(JSON, DiffJson.KEY);
        Diff diff = diff();
        boolean worse = fails(diff);
        folder.ifPresent(out -> out.write(making -> {
            Files.writeString(making.resolve("diff.html"), DiffHtml.text(diff));
            Files.writeString(making.resolve("diff.md"), DiffText.markdown(diff));
            Files.writeString(making.resolve(JSON), DiffJson.text(diff));
        }));
        output.print(() -> markdown ? DiffText.markdown(diff) : text(diff), () -> DiffJson.text(diff));
        output.nothingToVerify();
        output.remarkWritten(List.of("diff.html", "diff.md", JSON));
        return worse ? ExitCode.WORSE : ExitCode.OK;
    }

    private Diff diff() {
        try {
            return Diff.of(read(before), read(after));
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
        if (failOn.contains(NOTHING)) {
            return false;
        }
        List<String> metrics = failOn.stream().map(metric -> metric.equals(HEADLINE) ? diff.before().headline() : metric).toList();
        metrics.stream().filter(metric -> !metric.equals(ANY) && diff.pairs().stream().noneMatch(pair -> pair.comparison(metric) != null))
                .findFirst().ifPresent(unknown -> {
            throw new BadInput("--fail-on: the results have no metric '" + unknown + "'"
                    + Nearest.hint(unknown, diff.before().kernels().getFirst().bySeed().keySet().stream().toList()) + ".");
        });
        return metrics.contains(ANY) ? diff.isWorse() : diff.isWorseIn(metrics);
    }

    private static String text(Diff diff) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Ink ink = CommandLine.Help.Ansi.AUTO.enabled() ? Ink.COLOURED : Ink.PLAIN;
        DiffText.print(diff, new PrintStream(bytes, true, StandardCharsets.UTF_8), ink);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
