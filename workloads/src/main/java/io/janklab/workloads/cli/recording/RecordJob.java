package io.janklab.workloads.cli.recording;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.recording.record.Recorder;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/// The work of `record`: records, writes the folder.
record RecordJob(Output output, RecordPlan plan) implements Job {
    private static final String FILE = "recording.txt";
    private static final String ABOUT = "recording.json";

    @Override
    public int run() {
        output.nothingToVerify();
        OutputFolder folder = output.folder(ABOUT, "recorded").orElseThrow();
        try (Recorder recorder = new Recorder(plan.bufferMb())) {
            recorder.measureCost();
            record(recorder);
            String about = JsonText.of(Map.of("recorded", plan.subject()));
            folder.write(files -> {
                recorder.write(files.resolve(FILE));
                Files.writeString(files.resolve(ABOUT), about);
            });
            output.print(() -> "", () -> about);
            recorder.warnings().forEach(output::warn);
        }
        output.remarkWritten(List.of(FILE, ABOUT));
        return ExitCode.OK;
    }

    private void record(Recorder recorder) {
        if (plan.pid() != null) {
            recorder.record(plan.pid(), plan.seconds());
            return;
        }
        int exit = recorder.record(plan.command(), plan.seconds());
        if (exit > 0) {
            output.warn("the program ended with exit code " + exit + ".");
        }
    }
}
