package io.janklab.workloads.cli.plan;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.input.BadInput;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How many seeds to run, where a command can run several.
public final class SeedOptions {
    private static final int MOST = 10_000;

    @Option(names = "--seeds", paramLabel = "N", description = "Run seeds 1 to N (default: "
            + "1 of run, 3 of sweep, 6 of map, 9 of compare and explain, 12 of advise); --seed K runs seed K alone.")
    private @Nullable Integer count;

    /// @throws BadInput if there are too few or too many, or one is named besides
    public List<Long> list(CommonOptions common, int defaultCount) {
        if (common.hasSeed() && count != null) {
            throw new BadInput("--seeds and --seed are mutually exclusive: give one of them.");
        }
        if (common.hasSeed()) {
            return List.of(common.seed());
        }
        int seeds = count == null ? defaultCount : count;
        if (seeds < 1 || seeds > MOST) {
            throw new BadInput("--seeds takes a number from 1 to " + MOST + ", not " + seeds + ".");
        }
        return LongStream.rangeClosed(1, seeds).boxed().toList();
    }
}
