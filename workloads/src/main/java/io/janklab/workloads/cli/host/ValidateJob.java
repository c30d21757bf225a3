package io.janklab.workloads.cli.host;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.dashboards.file.Unfinished;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.MarkedText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.host.contend.ValidateRun;
import io.janklab.workloads.host.probe.AskedHost;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostRefusal;
import io.janklab.workloads.host.sys.OwnThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The work of `validate`: measures, or takes what was measured, predicts it, writes the folder, prints.
record ValidateJob(Output output, ValidatePlan plan) implements Job {
    private static final String PAGE = "validate.html";
    private static final String MEASURED = "measured.json";
    private static final String AGAIN = "measured-again.json";

    @Override
    public int run() {
        OutputFolder folder = output.folder(MEASURED, "release").orElseThrow();
        ValidateRun run = plan.measured().isEmpty() ? measure() : ValidateRun.read(plan.measured(), plan.only());
        if (run == null) {
            return ExitCode.OK;
        }
        predict(run);
        String table = run.table();
        output.verify(List.of(table), () -> {
            predict(run);
            return List.of(run.table());
        });
        folder.write(files -> {
            Files.write(files.resolve(MEASURED), run.measurements());
            if (run.secondMeasurements() != null) {
                Files.write(files.resolve(AGAIN), run.secondMeasurements());
            }
            Files.writeString(files.resolve(PAGE), run.page());
        });
        if (plan.markdown() != null) {
            MarkedText.replace(plan.markdown(), "validate", run.summary());
        }
        output.print(() -> table + "\n" + String.join("\n", run.verdicts()) + "\n", () -> JsonText.of(run.results()));
        output.remarkWritten(run.secondMeasurements() == null ? List.of(PAGE, MEASURED) : List.of(PAGE, MEASURED, AGAIN));
        return ExitCode.OK;
    }

    private void predict(ValidateRun run) {
        try (ProgressLine progress = new ProgressLine("workloads predicted", run.workloads(), output.isSilent(), output.err())) {
            run.predict(plan.seed(), progress::step);
        }
    }

    /// Null where that is impossible.
    private @Nullable ValidateRun measure() {
        HostKernel host = HostKernel.current();
        String obstacle = Runtime.getRuntime().availableProcessors() < 2
                ? "This host has one core only: no thread could hold a lock while another waits."
                : host.obstacle();
        if (obstacle != null) {
            output.printObstacle(obstacle);
            return null;
        }
        HostProperties properties;
        try {
            properties = OwnThread.run(() -> AskedHost.open(host).properties());
        } catch (HostRefusal refusal) {
            output.printObstacle(refusal.getMessage());
            return null;
        }
        properties.table().forEach(output::remark);
        int workloads;
        try {
            workloads = ValidateRun.count(properties, plan.only());
        } catch (HostRefusal refusal) {
            output.printObstacle(refusal.getMessage());
            return null;
        }
        ValidateRun run;
        try (ProgressLine progress = new ProgressLine("workloads measured", workloads, output.isSilent(), output.err())) {
            ValidateRun.Measuring measuring = new ValidateRun.Measuring(host, properties, plan.eachNs(), plan.againNs(),
                    progress::step);
            try (Unfinished.LastAct _ = new Unfinished.LastAct(() -> keep(measuring))) {
                run = measuring.measure(plan.only());
            }
        }
        run.warnings().forEach(output::warn);
        return run;
    }

    /// The results of an interrupted measurement.
    private void keep(ValidateRun.Measuring measuring) {
        byte[] soFar = measuring.soFar();
        if (soFar == null) {
            return;
        }
        Path measured = output.requiredFolder().resolve(MEASURED);
        try {
            AtomicFile.write(measured, out -> out.write(soFar));
            output.warn("interrupted; what was measured is in " + measured + ", for --measured.");
        } catch (IOException e) {
            output.warn("interrupted; " + measured + " could not be written.");
        }
    }
}
