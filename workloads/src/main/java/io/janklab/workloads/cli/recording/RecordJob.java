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
    /// A shell's exit code of a program that a signal ended is that signal's number above it.
    private static final int SIGNALS = 128;
    private static final String ABOUT = "recording.json";

    @Override
    public int run() {
        output.nothingToVerify();
        OutputFolder folder = output.folder(ABOUT, "recorded").orElseThrow();
        try (Recorder recorder = new Recorder(plan.bufferMb())) {
            String operation = plan.operation() == null ? null : recorder.watch(plan.operation(), plan.program());
            recorder.measureCost();
            record(recorder);
            String about = JsonText.of(Map.of("recorded", plan.subject()));
            folder.write(files -> {
                recorder.write(files.resolve(FILE));
                Files.writeString(files.resolve(ABOUT), about);
            });
            output.print(() -> "", () -> about);
            recorder.warnings().forEach(output::warn);
            if (operation != null && recorder.hasOccurred()) {
                output.remark("Its latency: janklab compare --recording " + output.requiredFolder().resolve(FILE) + " --operation "
                        + quoted(operation));
            }
        }
        output.remarkWritten(List.of(FILE, ABOUT));
        return ExitCode.OK;
    }

    private static String quoted(String word) {
        return word.matches("[\\w./:-]+") ? word : "'" + word + "'";
    }

    private void record(Recorder recorder) {
        if (plan.pid() != null) {
            recorder.record(plan.pid(), plan.seconds());
            return;
        }
        int exit = recorder.record(plan.command(), plan.seconds());
        if (exit > 0) {
            output.warn("the program ended with exit code " + exit + (exit > SIGNALS ? ", as one killed by signal " + (exit - SIGNALS) : "")
                    + ".");
        }
    }
}
