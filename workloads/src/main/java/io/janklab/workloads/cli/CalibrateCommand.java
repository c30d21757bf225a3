package io.janklab.workloads.cli;

import io.janklab.dashboards.report.AtomicFile;
import io.janklab.workloads.host.Calibration;
import io.janklab.workloads.host.HostKernel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `janklab calibrate`: what the steps of a kernel cost on this host.
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = "Measures what the steps of this host's kernel cost and writes them as the 'costs' section of a device file.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success, or this host cannot tell", "1:internal failure", "2:bad input"})
final class CalibrateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Write to this file instead of printing.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        HostKernel host = HostKernel.current();
        if (host.obstacle() != null) {
            out.println(host.obstacle());
            out.flush();
            return ExitCode.OK;
        }
        Calibration calibration = Calibration.run();
        String yaml = calibration.yaml(host);
        if (output == null) {
            out.print(yaml);
        } else {
            AtomicFile.write(output, file -> file.write(yaml.getBytes(StandardCharsets.UTF_8)));
        }
        if (calibration.isNoisy()) {
            spec.commandLine().getErr().println("janklab: this host was busy with other things: some spreads are wide, and those medians are not to be trusted.");
            spec.commandLine().getErr().flush();
        }
        out.flush();
        return ExitCode.OK;
    }
}
