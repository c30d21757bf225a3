package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.scale.ScaleResult;
import io.janklab.workloads.scale.ScaleRun;
import io.janklab.workloads.sweep.OnEveryCore;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The work of `scale`: runs the loop on each machine, writes the folder, prints.
record ScaleJob(Output output, ScalePlan plan) implements Job {
    private static final String FILE = "scale.json";

    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(FILE, "loop");
        List<ScaleResult> results = execute();
        output.verify(digests(results), () -> digests(execute()));
        ScaleTable table = new ScaleTable(plan, results);
        folder.ifPresent(out -> out.write(making -> Files.writeString(making.resolve(FILE), table.json())));
        output.print(table::text, table::json);
        output.remarkWritten(List.of(FILE));
        return ExitCode.OK;
    }

    private static List<String> digests(List<ScaleResult> results) {
        return results.stream()
                .map(result -> String.format(Locale.ROOT, "%d cores on %s: digest %016x", result.spec().cores(),
                        result.spec().kernel().name(), result.digest()))
                .toList();
    }

    private List<ScaleResult> execute() {
        try (ProgressLine progress = new ProgressLine("runs", plan.specs().size(), output.isSilent())) {
            return new OnEveryCore().map(plan.specs(), each -> {
                ScaleResult result = new ScaleRun(each).execute();
                progress.step();
                return result;
            });
        }
    }
}
