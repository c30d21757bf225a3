package io.janklab.workloads.cli;

import io.janklab.workloads.host.contend.ValidateRun;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.input.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab validate`: the simulated kernel's latencies against this host's.
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the same contention on this host's kernel and on the simulated one, with this host's costs and cores, and shows measured",
            "against predicted latencies. The host should have nothing else to do meanwhile.",
            "Leaves validate.html and measured.json in --out (default: validate)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success, or this host cannot tell", "1:internal failure", "2:bad input"})
final class ValidateCommand implements Callable<Integer> {
    private static final double NS = 1e9;
    private static final String PAGE = "validate.html";
    private static final String MEASURED = "measured.json";

    @Mixin
    private CommonOptions common = new CommonOptions("validate");

    @Option(names = "--measured", paramLabel = "FILE", split = ",", description = "Predict the measurements of earlier runs (their measured.json), put together, instead of measuring; the first one's costs hold. Workloads measured twice show how far two measurements lie apart.")
    private List<Path> measured = List.of();

    @Option(names = "--only", paramLabel = "TEXT", defaultValue = "", description = "Only workloads whose name contains this text.")
    private String only;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "1", description = "How long each workload is measured (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--table", paramLabel = "FILE", description = "Also put the table between the <!-- validate --> marks of this Markdown file.")
    private Path markdown;

    @Option(names = "--recordings", description = "Record programs of others on this host instead, replay them under its kernel, and show both: recordings.html and recordings.json.")
    private boolean recordings;

    @Override
    public Integer call() {
        if (recordings) {
            return new RecordedTruthJob(common, only, markdown).run();
        }
        if (!(seconds >= 0.05 && seconds <= 60)) {
            throw new BadInput("--seconds must lie in 0.05 to 60, not " + seconds + ".");
        }
        OutputFolder folder = common.folder(MEASURED, "release").orElseThrow();
        ValidateRun run = measured.isEmpty() ? measure() : ValidateRun.read(measured);
        if (run == null) {
            return ExitCode.OK;
        }
        predict(run);
        String table = run.table();
        common.verify(List.of(table), () -> {
            predict(run);
            return List.of(run.table());
        });
        folder.write(files -> {
            Files.write(files.resolve(MEASURED), run.measurements());
            Files.writeString(files.resolve(PAGE), run.page());
        });
        if (markdown != null) {
            MarkedText.replace(markdown, "validate", run.summary());
        }
        common.print(() -> table + "\n" + String.join("\n", run.verdicts()) + "\n", () -> JsonText.of(run.results()));
        common.remarkWritten(List.of(PAGE, MEASURED));
        return ExitCode.OK;
    }

    private void predict(ValidateRun run) {
        try (ProgressLine progress = new ProgressLine("predicted", run.workloads(), common.isSilent())) {
            run.predict(common.seed(), progress::step);
        }
    }

    /// Null where that is impossible.
    private ValidateRun measure() {
        HostKernel host = HostKernel.current();
        String obstacle = Runtime.getRuntime().availableProcessors() < 2 ? "This host has one core only: nobody could hold a lock while another waits." : host.obstacle();
        if (obstacle != null) {
            common.printObstacle(obstacle);
            return null;
        }
        ValidateRun run;
        try (ProgressLine progress = new ProgressLine("measured", ValidateRun.count(only), common.isSilent())) {
            run = ValidateRun.measure(host, only, (long) (seconds * NS), progress::step);
        }
        run.warnings().forEach(common::warn);
        return run;
    }
}
