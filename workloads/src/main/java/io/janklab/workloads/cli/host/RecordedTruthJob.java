package io.janklab.workloads.cli.host;

import io.janklab.dashboards.file.Unfinished;
import io.janklab.dashboards.report.html.PlainPage;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.MarkedText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.RecordedProgram;
import io.janklab.workloads.recording.RecordedTruth;
import io.janklab.workloads.recording.record.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `janklab validate --recordings`: real programs recorded on this host, and replayed under its kernel's profile.
record RecordedTruthJob(Output output, RecordedTruthPlan plan) implements Job {
    private static final String PAGE = "recordings.html";
    private static final String JSON = "recordings.json";
    private static final double MOST_SECONDS = 8;
    private static final int BUFFER_MB = 64;

    @Override
    public int run() {
        output.nothingToVerify();
        OutputFolder folder = output.folder(JSON, "programs").orElseThrow();
        RecordedTruth truth = new RecordedTruth();
        try (ProgressLine progress = new ProgressLine("programs", plan.programs().size(), output.isSilent())) {
            for (RecordedProgram program : plan.programs()) {
                add(program, truth);
                progress.step();
            }
        }
        PlainPage page = new PlainPage("Programs recorded on this host, and replayed");
        page.paragraph("Recorded / replayed under the profile that comes nearest to this host's kernel, at costs fitted to the recording's "
                + "own undisturbed calls.");
        page.list(truth.verdicts());
        page.table(truth.rows());
        folder.write(files -> {
            Files.writeString(files.resolve(PAGE), page.toString());
            Files.writeString(files.resolve(JSON), JsonText.of(truth.facts()));
        });
        if (plan.markdown() != null) {
            MarkedText.replace(plan.markdown(), "recordings", truth.markdown());
        }
        output.print(truth::markdown, () -> JsonText.of(truth.facts()));
        output.remarkWritten(List.of(PAGE, JSON));
        return ExitCode.OK;
    }

    private void add(RecordedProgram program, RecordedTruth truth) {
        if (!program.missing().isEmpty()) {
            truth.addObstacle(program, "not recorded: this host has no " + String.join(", ", program.missing()));
            return;
        }
        try {
            try (Unfinished scratch = Unfinished.beside(output.requiredFolder())) {
                Path file = scratch.contents().resolve(program.name() + ".txt");
                try (Recorder recorder = new Recorder(BUFFER_MB)) {
                    recorder.silence();
                    recorder.measureCost();
                    int exit = recorder.record(program.command(), MOST_SECONDS);
                    if (exit > 0) {
                        throw new BadInput("it ended with exit code " + exit + " on this host");
                    }
                    recorder.write(file);
                    recorder.warnings().forEach(warning -> output.warn(program.name() + ": " + warning));
                }
                truth.add(program, RecordedCase.open(file, RecordedCase.Hints.NONE).nullTest());
            }
        } catch (BadInput e) {
            truth.addObstacle(program, e.getMessage());
        } catch (IOException e) {
            truth.addObstacle(program, "no file for it: " + e.getMessage());
        }
    }
}
