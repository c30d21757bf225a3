package io.janklab.workloads.cli;

import io.janklab.workloads.host.Calibration;
import io.janklab.workloads.host.HostKernel;
import io.janklab.workloads.host.ValidateRun;
import io.janklab.workloads.input.BadInput;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `janklab validate`: the simulated kernel's latencies against this host's.
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the same contention on this host's kernel and on the simulated one, with this host's costs and cores, and shows measured",
            "against predicted latencies. The host should have nothing else to do meanwhile."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success, or this host cannot tell", "1:internal failure", "2:bad input"})
final class ValidateCommand implements Callable<Integer> {
    private static final double NS = 1e9;

    @Spec
    private CommandSpec spec;

    @Option(names = "--measured", paramLabel = "FILE", split = ",", description = "Predict the measurements of earlier runs (their measured.json), put together, instead of measuring; the first one's costs hold.")
    private List<Path> measured = List.of();

    @Option(names = "--only", paramLabel = "TEXT", defaultValue = "", description = "Only workloads whose name contains this text.")
    private String only;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "0.4", description = "How long each workload is measured (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--table", paramLabel = "FILE", description = "Also put the table between the <!-- validate --> marks of this Markdown file.")
    private Path table;

    @Option(names = "--out", paramLabel = "FOLDER", defaultValue = "validate", description = "Folder for validate.html and measured.json (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Override
    public Integer call() {
        if (!(seconds >= 0.05 && seconds <= 60)) {
            throw new BadInput("--seconds must lie in 0.05 to 60, not " + seconds + ".");
        }
        PrintWriter console = spec.commandLine().getOut();
        OutputFolder folder = new OutputFolder(out);
        ValidateRun run = measured.isEmpty() ? measure(console) : ValidateRun.read(measured);
        if (run == null) {
            return ExitCode.OK;
        }
        try (ProgressLine progress = new ProgressLine("predicted", run.workloads(), false)) {
            run.predict(progress::step);
        }
        folder.write(files -> {
            Files.write(files.resolve("measured.json"), run.measurements());
            Files.writeString(files.resolve("validate.html"), run.page());
        });
        if (table != null) {
            MarkedText.replace(table, "validate", run.summary());
        }
        console.println(run.table());
        run.verdicts().forEach(console::println);
        console.flush();
        return ExitCode.OK;
    }

    /// Null where that is impossible.
    private ValidateRun measure(PrintWriter console) {
        HostKernel host = HostKernel.current();
        String obstacle = Runtime.getRuntime().availableProcessors() < 2 ? "This host has one core only: nobody could hold a lock while another waits." : host.obstacle();
        if (obstacle != null) {
            console.println(obstacle);
            console.flush();
            return null;
        }
        Calibration calibration = Calibration.run();
        try (ProgressLine progress = new ProgressLine("measured", ValidateRun.count(only), false)) {
            return ValidateRun.measure(host, calibration, only, (long) (seconds * NS), progress::step);
        }
    }
}
