package io.janklab.workloads.cli.recording;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.RecordingHints;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab import`: the contents of a recording, and the workload made of it.
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Reads a recording of a real program and shows what is in it and what it lacks.",
            "With --null-test it also shows how well a replay reproduces the recording.",
            "Leaves import.json, workload.yaml, workload.bin, threads.txt and import.html in --out, if that is given; that folder is",
            "taken by --recording instead of the file."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input"})
public final class ImportCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE",
            description = "The recording: ftrace text, systrace HTML, perf script, strace, Perfetto; as it is, in a gzip or a zip.")
    private Path file = Path.of("");

    @Mixin
    private RecordingHints hints = new RecordingHints();

    @Option(names = "--null-test",
            description = "Also replay it under its own kernel and lay that beside it, as every prediction from it does first.")
    private boolean nullTest;

    @Option(names = "--costs", paramLabel = "FILE",
            description = "Also write the machine it was made on, with what its undisturbed calls and faults cost, as a file for --device.")
    private @Nullable Path costs;

    @Override
    public Integer call() {
        return new ImportJob(common.output(), new ImportPlan(file, hints.hints(null), nullTest, costs)).run();
    }
}
