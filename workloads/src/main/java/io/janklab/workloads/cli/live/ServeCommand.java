package io.janklab.workloads.cli.live;

import io.janklab.workloads.cli.common.Duration;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.live.LiveServer;
import io.janklab.workloads.live.http.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
        try (LiveServer server = start(recordingsByName())) {
            command.commandLine().getOut().println("Serving at " + server.url() + " (Ctrl-C ends it).");
            command.commandLine().getOut().flush();
            if (open) {
                open(server.url());
            }
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK;
    }

    private Map<String, Path> recordingsByName() {
        Map<String, Path> byName = new LinkedHashMap<>();
        for (Path file : recordings) {
            if (!Files.isReadable(file)) {
                throw new BadInput("--recording " + file + " cannot be read.");
            }
            if (byName.put(file.getFileName().toString(), file) != null) {
                throw new BadInput("--recording: two files are called " + file.getFileName() + ".");
            }
        }
        return byName;
    }

    private LiveServer start(Map<String, Path> byName) {
        LivePlanner planner = new LivePlanner(byName, longest.ns());
        try {
            return new LiveServer(port, planner, planner, List.copyOf(byName.keySet()), Limits.USUAL).warmingUp();
        } catch (IOException e) {
            throw new BadInput("--port cannot have port " + port + " (" + e.getMessage() + ").");
        }
    }

    private void open(String url) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        List<String> opener = system.contains("win")
                ? List.of("cmd", "/c", "start", url)
                : List.of(system.contains("mac") ? "open" : "xdg-open", url);
        try {
            new ProcessBuilder(opener).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            command.commandLine().getErr().println("janklab: --open found no browser (" + e.getMessage() + ").");
            command.commandLine().getErr().flush();
        }
    }
}
