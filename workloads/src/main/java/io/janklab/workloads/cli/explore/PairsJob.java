package io.janklab.workloads.cli.explore;

import io.janklab.explore.pairs.PairSearch;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import java.util.List;
import java.util.Optional;

/// The work of `explore pairs`: explores, writes the folder, prints.
record PairsJob(Output output, PairsPlan plan) implements Job {
    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(PairsResult.FILE, PairsResult.KEY);
        PairsResult result = search();
        output.verify(List.of(result.cameTo()), () -> List.of(search().cameTo()));
        folder.ifPresent(out -> out.write(result));
        output.print(result::text, result::json);
        output.remarkWritten(result.files());
        return result.isClean() ? ExitCode.OK : ExitCode.KERNEL_RULE_BROKEN;
    }

    private PairsResult search() {
        long began = System.nanoTime();
        try (ProgressLine progress = new ProgressLine("explorations", plan.explorations(), output.isSilent(), output.err())) {
            PairSearch.Result found = plan.search().search(plan.crossings(), plan.targets(), plan.most(), accusation -> progress.step());
            return new PairsResult(found, plan.words(), System.nanoTime() - began);
        }
    }
}
