package io.janklab.workloads.cli.live;

import io.janklab.workloads.cli.common.Duration;
import io.janklab.workloads.input.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `janklab serve`: `compare` and `explore` as interactive pages.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {"Serves pages on this host alone (loopback): turn a kernel's switches and compare.",
                "Another page plays the schedules that break a kernel. Ends with Ctrl-C; writes no files."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input"})
public final class ServeCommand implements Callable<Integer> {
    private static final String DEFAULT_PORT = "7711";
    private static final int MAX_PORT = 65_535;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--port", paramLabel = "PORT", defaultValue = DEFAULT_PORT,
            description = "Port to serve on, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--open", description = "Open the page in this host's browser.")
    private boolean open;

    @Option(names = "--recording", paramLabel = "FILE",
            description = "A recording that pages may replay, by the file's name; may be repeated.")
    private List<Path> recordings = new ArrayList<>();

    @Option(
            names = "--longest",
            paramLabel = "TIME",
            converter = Duration.Converter.class,
            defaultValue = "60s",
            description = "Virtual time that a run of a page may last (default: ${DEFAULT-VALUE}).")
    private Duration longest = new Duration(0);

    @Override
    public Integer call() {
        if (port < 0 || port > MAX_PORT) {
            throw new BadInput("--port takes a port from 0 to " + MAX_PORT + ", not " + port + ".");
        }
        ServePlan plan = ServePlan.of(port, open, recordings, longest.ns());
        return new ServeJob(command.commandLine().getOut(), command.commandLine().getErr(), plan).run();
    }
}
