package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.input.BadInput;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab validate`: the simulated kernel's latencies against this host's.
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the same contention on this host's kernel and on the simulated one: latencies measured and predicted.",
            "The simulated one has this host's costs and cores. The host should be otherwise idle.",
            "Every workload is measured twice: where two measurements differ as much as the prediction, the host is too noisy to judge it.",
            "Leaves validate.html, measured.json and measured-again.json in --out (default: validate). Interrupted (Ctrl-C), it leaves in",
            "measured.json what it has, for --measured."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success, or this host cannot tell", "1:internal failure", "2:bad input"})
public final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions("validate");

    @Option(names = "--measured", paramLabel = "FILE", split = ",",
            description =
            "Predict the measurements of earlier runs (their measured.json), put together, instead of measuring; the first one's costs "
            + "hold. Workloads measured twice show how far two measurements lie apart.")
    private List<Path> measured = List.of();

    @Option(names = "--only", paramLabel = "TEXT", description = "Only workloads whose name contains this text.")
    private String only = "";

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "0.4",
            description = "How long each workload is measured each time (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--minutes", paramLabel = "M", defaultValue = "4",
            description = "Measure nothing again after this time (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = "--table", paramLabel = "FILE",
            description = "Also put the table between the <!-- validate --> marks of this Markdown file.")
    private @Nullable Path markdown;

    @Option(names = "--recordings",
            description =
            "Record programs of others on this host instead, replay them under its kernel, and show both: recordings.html and "
            + "recordings.json.")
    private boolean recordings;

    @Override
    public Integer call() {
        if (recordings) {
            return new RecordedTruthJob(common.output(), RecordedTruthPlan.of(only, markdown)).run();
        }
        if (!(seconds >= 0.05 && seconds <= 60)) {
            throw new BadInput("--seconds must lie in 0.05 to 60, not " + seconds + ".");
        }
        if (!(minutes >= 0 && minutes <= 1440)) {
            throw new BadInput("--minutes must lie in 0 to 1440, not " + minutes + ".");
        }
        return new ValidateJob(common.output(), new ValidatePlan(measured, only, seconds, minutes, markdown, common.seed())).run();
    }
}
