package io.janklab.workloads.cli.recording;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
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

/// The work of `import`: reads the recording, writes the folder, prints.
record ImportJob(Output output, ImportPlan plan) implements Job {
    private static final String JSON = "import.json";
    private static final String OPS_TEXT = "threads.txt";
    private static final String PAGE = "import.html";

    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(JSON, "recording");
        RecordedCase recorded = plan.read();
        Summary summary = recorded.summary();
        if (plan.costs() != null) {
            writeCosts(plan.costs(), recorded);
        }
        String json = JsonText.of(summary.facts());
        folder.ifPresent(out -> out.write(making -> {
            Files.writeString(making.resolve(JSON), json);
            recorded.writeTo(making);
            OpsText.write(recorded.workload(), making.resolve(OPS_TEXT));
            Files.writeString(making.resolve(PAGE), summary.page(plan.nullTest() ? recorded.nullTest() : null));
        }));
        String text = text(recorded);
        output.print(() -> text, () -> json);
        output.verify(List.of(text), () -> List.of(text(plan.read())));
        output.remarkWritten(List.of(JSON, WorkloadFolder.SHEET, WorkloadFolder.BULK, OPS_TEXT, PAGE));
        return ExitCode.OK;
    }

    private String text(RecordedCase recorded) {
        boolean runs = recorded.report().has(EventKind.SWITCHES);
        return recorded.summary().text() + (plan.nullTest() ? "\n" + recorded.nullTest().text()
                : runs ? "\nHow well its replay reproduces it: --null-test, or any prediction from it.\n" : "");
    }

    private void writeCosts(Path to, RecordedCase recorded) {
        if (!recorded.workload().hasCalls) {
            throw new BadInput(plan.file() + " has no mm calls: it does not show their costs.");
        }
        try {
            String text = RecordedDevice.yaml(recorded.device(), plan.file().getFileName().toString());
            AtomicFile.write(to, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new BadInput(to + " cannot be written: " + e.getMessage() + ".");
        }
    }
}
