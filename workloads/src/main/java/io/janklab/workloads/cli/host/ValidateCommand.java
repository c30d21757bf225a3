package io.janklab.workloads.cli.host;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.dashboards.file.Unfinished;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.MarkedText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.host.contend.ValidateRun;
import io.janklab.workloads.host.probe.AskedHost;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostRefusal;
import io.janklab.workloads.host.sys.OwnThread;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
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
    private static final double NS = 1e9;
    private static final double MINUTE_NS = 60e9;
    private static final String PAGE = "validate.html";
    private static final String MEASURED = "measured.json";
    private static final String AGAIN = "measured-again.json";

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
            return new RecordedTruthJob(common.output(), only, markdown).run();
        }
        if (!(seconds >= 0.05 && seconds <= 60)) {
            throw new BadInput("--seconds must lie in 0.05 to 60, not " + seconds + ".");
        }
        if (!(minutes >= 0 && minutes <= 1440)) {
            throw new BadInput("--minutes must lie in 0 to 1440, not " + minutes + ".");
        }
        OutputFolder folder = common.output().folder(MEASURED, "release").orElseThrow();
        ValidateRun run = measured.isEmpty() ? measure() : ValidateRun.read(measured, only);
        if (run == null) {
            return ExitCode.OK;
        }
        predict(run);
        String table = run.table();
        common.output().verify(List.of(table), () -> {
            predict(run);
            return List.of(run.table());
        });
        folder.write(files -> {
            Files.write(files.resolve(MEASURED), run.measurements());
            if (run.secondMeasurements() != null) {
                Files.write(files.resolve(AGAIN), run.secondMeasurements());
            }
            Files.writeString(files.resolve(PAGE), run.page());
        });
        if (markdown != null) {
            MarkedText.replace(markdown, "validate", run.summary());
        }
        common.output().print(() -> table + "\n" + String.join("\n", run.verdicts()) + "\n", () -> JsonText.of(run.results()));
        common.output().remarkWritten(run.secondMeasurements() == null ? List.of(PAGE, MEASURED) : List.of(PAGE, MEASURED, AGAIN));
        return ExitCode.OK;
    }

    private void predict(ValidateRun run) {
        Output output = common.output();
        try (ProgressLine progress = new ProgressLine("workloads predicted", run.workloads(), output.isSilent(), output.err())) {
            run.predict(common.seed(), progress::step);
        }
    }

    /// Null where that is impossible.
    private @Nullable ValidateRun measure() {
        HostKernel host = HostKernel.current();
        String obstacle = Runtime.getRuntime().availableProcessors() < 2
                ? "This host has one core only: no thread could hold a lock while another waits."
                : host.obstacle();
        if (obstacle != null) {
            common.output().printObstacle(obstacle);
            return null;
        }
        HostProperties properties;
        try {
            properties = OwnThread.run(() -> AskedHost.open(host).properties());
        } catch (HostRefusal refusal) {
            common.output().printObstacle(refusal.getMessage());
            return null;
        }
        properties.table().forEach(common.output()::remark);
        int workloads;
        try {
            workloads = ValidateRun.count(properties, only);
        } catch (HostRefusal refusal) {
            common.output().printObstacle(refusal.getMessage());
            return null;
        }
        ValidateRun run;
        try (ProgressLine progress = new ProgressLine("workloads measured", workloads, common.output().isSilent(), common.output().err())) {
            ValidateRun.Measuring measuring = new ValidateRun.Measuring(host, properties, (long) (seconds * NS),
                    (long) (minutes * MINUTE_NS), progress::step);
            try (Unfinished.LastAct _ = new Unfinished.LastAct(() -> keep(measuring))) {
                run = measuring.measure(only);
            }
        }
        run.warnings().forEach(common.output()::warn);
        return run;
    }

    /// The results of an interrupted measurement.
    private void keep(ValidateRun.Measuring measuring) {
        byte[] soFar = measuring.soFar();
        if (soFar == null) {
            return;
        }
        Path measured = common.output().requiredFolder().resolve(MEASURED);
        try {
            AtomicFile.write(measured, out -> out.write(soFar));
            common.output().warn("interrupted; what was measured is in " + measured + ", for --measured.");
        } catch (IOException e) {
            common.output().warn("interrupted; " + measured + " could not be written.");
        }
    }
}
