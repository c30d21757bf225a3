package io.janklab.workloads.cli;

import io.janklab.dashboards.grafana.Provisioning;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `janklab dashboards`: what Grafana and Prometheus need to show a run.
@Command(
        name = "dashboards",
        mixinStandardHelpOptions = true,
        description = "Writes Grafana dashboards with their provisioning, and a Prometheus configuration with rules.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input"})
final class DashboardsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the files (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("janklab-dashboards");

    @Override
    public Integer call() {
        if (Files.exists(out)) {
            throw new BadInput("--out " + out + " exists already; give a new folder.");
        }
        try {
            Provisioning.writeInto(out);
        } catch (IOException e) {
            throw new BadInput("the folder " + out + " cannot be written (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ").");
        }
        Provisioning.files().forEach(file -> spec.commandLine().getOut().println(out.resolve(file)));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
