package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.host.record.RecordRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The work of `conform --against`: the simulated kernel beside one that was recorded.
record ConformAgainstJob(Output output, Path recorded) implements Job {
    /// One cause seldom shows in one program only.
    private static final int DIVERGENCES_MAX = 5;

    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(ConformResult.FILE, ConformResult.KEY);
        AgainstResult result = compare();
        folder.ifPresent(out -> out.write(result));
        output.print(result::text, result::json);
        output.verify(List.of(result.cameTo()), () -> List.of(compare().cameTo()));
        output.remarkWritten(result.files());
        return result.outcome().divergences().isEmpty() ? ExitCode.OK : ExitCode.KERNELS_DISAGREE;
    }

    private AgainstResult compare() {
        return new AgainstResult(recorded, RecordRun.against(recorded, DIVERGENCES_MAX));
    }
}
