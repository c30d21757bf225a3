package io.janklab.workloads.cli.recording;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.OpsText;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.RecordedDevice;
import io.janklab.workloads.recording.Summary;
import io.janklab.workloads.recording.WorkloadFolder;
import io.janklab.workloads.recording.event.EventKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    private static final String JSON = "import.json";
    private static final String OPS_TEXT = "threads.txt";
    private static final String PAGE = "import.html";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE",
            description = "The recording: ftrace text, systrace HTML, perf script, strace, Perfetto; as it is, in a gzip or a zip.")
    private Path file = Path.of("");

    @Option(names = "--process", paramLabel = "NAME|PID",
            description = "The process it is about (default: the one that draws, makes mm calls, or runs most).")
    private @Nullable String process;

    @Option(names = "--operation", paramLabel = "NAME",
            description = "The call (mmap) or slice of trace_marker whose latency is asked for.")
    private @Nullable String operation;

    @Option(names = "--recorded-kernel", paramLabel = "VERSION", description = "The kernel it was made on (default: the one it names).")
    private @Nullable String kernel;

    @Option(names = "--null-test",
            description = "Also replay it under its own kernel and lay that beside it, as every prediction from it does first.")
    private boolean nullTest;

    @Option(names = "--costs", paramLabel = "FILE",
            description = "Also write the machine it was made on, with what its undisturbed calls and faults cost, as a file for --device.")
    private @Nullable Path costs;

    @Override
    public Integer call() {
        Optional<OutputFolder> folder = common.output().folder(JSON, "recording");
        RecordedCase recorded = read();
        Summary summary = recorded.summary();
        if (costs != null) {
            writeCosts(costs, recorded);
        }
        String json = JsonText.of(summary.facts());
        folder.ifPresent(out -> out.write(making -> {
            Files.writeString(making.resolve(JSON), json);
            recorded.writeTo(making);
            OpsText.write(recorded.workload(), making.resolve(OPS_TEXT));
            Files.writeString(making.resolve(PAGE), summary.page(nullTest ? recorded.nullTest() : null));
        }));
        String text = text(recorded);
        common.output().print(() -> text, () -> json);
        common.output().verify(List.of(text), () -> List.of(text(read())));
        common.output().remarkWritten(List.of(JSON, WorkloadFolder.SHEET, WorkloadFolder.BULK, OPS_TEXT, PAGE));
        return ExitCode.OK;
    }

    private RecordedCase read() {
        RecordedCase.Hints hints = new RecordedCase.Hints(process, operation, kernel, null);
        return nullTest ? RecordedCase.open(file, hints) : RecordedCase.read(file, hints);
    }

    private String text(RecordedCase recorded) {
        boolean runs = recorded.report().has(EventKind.SWITCHES);
        return recorded.summary().text() + (nullTest ? "\n" + recorded.nullTest().text()
                : runs ? "\nHow well its replay reproduces it: --null-test, or any prediction from it.\n" : "");
    }

    private void writeCosts(Path to, RecordedCase recorded) {
        if (!recorded.workload().hasCalls) {
            throw new BadInput(file + " has no mm calls: it does not show their costs.");
        }
        try {
            String text = RecordedDevice.yaml(recorded.device(), file.getFileName().toString());
            AtomicFile.write(to, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new BadInput(to + " cannot be written: " + e.getMessage() + ".");
        }
    }
}
