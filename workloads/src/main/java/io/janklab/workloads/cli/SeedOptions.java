package io.janklab.workloads.cli;

import io.janklab.workloads.input.BadInput;
import java.util.List;
import java.util.stream.LongStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Which seeds to run.
final class SeedOptions {
    private static final int MOST = 10_000;

    /// Either so many, or one in particular.
    static final class Choice {
        @Option(names = "--seeds", paramLabel = "N", description = "Run seeds 1 to N.")
        private Integer count;

        @Option(names = "--seed", paramLabel = "K", description = "Run seed K alone.")
        private Long one;
    }

    @ArgGroup
    private Choice choice = new Choice();

    /// @throws BadInput if there are too few or too many
    List<Long> list(int defaultCount) {
        if (choice.one != null) {
            return List.of(choice.one);
        }
        int seeds = choice.count == null ? defaultCount : choice.count;
        if (seeds < 1 || seeds > MOST) {
            throw new BadInput("--seeds takes a number from 1 to " + MOST + ", not " + seeds + ".");
        }
        return LongStream.rangeClosed(1, seeds).boxed().toList();
    }
}
