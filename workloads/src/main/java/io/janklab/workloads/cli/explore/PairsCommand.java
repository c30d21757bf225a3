package io.janklab.workloads.cli.explore;

import io.janklab.explore.Strategy;
import io.janklab.explore.pairs.Crossing;
import io.janklab.explore.pairs.MemoryState;
import io.janklab.explore.pairs.PairOperation;
import io.janklab.explore.pairs.PairSearch;
import io.janklab.program.Nearest;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.input.BadInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab explore pairs`: ordinary operations against each other.
@Command(
        name = "pairs",
        mixinStandardHelpOptions = true,
        description = {
            "Crosses operations on memory with each other, on memory in each state, in one VMA, in neighbouring ones and below one page "
                    + "table,",
            "and explores each pair on each kernel. What breaks a rule is made as short as it can be, and shown once for each cause.",
            "Leaves pairs.json in --out, if that is given, and beside it each cause's first accusation as a litmus file."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no kernel is accused", "1:internal failure", "2:bad input", "3:some pair breaks a rule"})
final class PairsCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private ExploredKernels kernels = ExploredKernels.all();

    @Option(names = "--list", description = "List the operations and states and end.")
    private boolean list;

    @Option(names = "--ops", paramLabel = "NAMES",
            description = "Operations, with commas, or all (default: ${DEFAULT-VALUE}).")
    private String operations = ALL;

    @Option(names = "--states", paramLabel = "NAMES",
            description = "States of memory, with commas, or all (default: ${DEFAULT-VALUE}).")
    private String states = ALL;

    @Option(names = "--triples", paramLabel = "N", description = "Explore this many triples, drawn by --seed, instead of pairs.")
    private @Nullable Integer triples;

    @Option(names = "--sample", paramLabel = "N", description = "Only this many of all the explorations, drawn by --seed.")
    private @Nullable Integer sample;

    @Option(names = "--strategy", paramLabel = "HOW",
            description = "random, pct:DEPTH, dfs or auto:MILLIONS (default: ${DEFAULT-VALUE}).")
    private String strategy = "pct:3";

    @Option(names = "--schedules", paramLabel = "N", defaultValue = "100",
            description = "Schedules of each exploration, at most (default: ${DEFAULT-VALUE}).")
    private long schedules;

    @Override
    public Integer call() {
        if (list) {
            common.output().print(PairsResult::listed, PairsResult::listedAsJson);
            return ExitCode.OK;
        }
        return new PairsJob(common.output(), plan()).run();
    }

    private PairsPlan plan() {
        PairSearch search = new PairSearch().strategy(how()).schedules(positive("--schedules", schedules)).seed(common.seed());
        List<Crossing> crossings = crossings(search);
        List<PairSearch.Target> targets = kernels.targets();
        int most = sample == null ? Integer.MAX_VALUE : (int) positive("--sample", sample);
        return new PairsPlan(search, crossings, targets, most, kernels.words());
    }

    private List<Crossing> crossings(PairSearch search) {
        List<PairOperation> chosen = chosen("--ops", operations, PairOperation.ALL, PairOperation::name);
        List<MemoryState> conditions = chosen("--states", states, MemoryState.ALL, MemoryState::name);
        return triples == null ? PairSearch.pairs(chosen, conditions) : search.triples(chosen, conditions,
                (int) positive("--triples", triples));
    }

    private static <T> List<T> chosen(String option, String names, List<T> all, Function<T, String> nameOf) {
        if (names.equals(ALL)) {
            return all;
        }
        List<T> chosen = new ArrayList<>();
        for (String name : Arrays.stream(names.split(",")).map(String::strip).distinct().toList()) {
            chosen.add(all.stream().filter(each -> nameOf.apply(each).equals(name)).findFirst().orElseThrow(() -> new BadInput(
                    option + ": there is no '" + name + "'" + Nearest.hint(name, all.stream().map(nameOf).toList())
                            + "; janklab explore pairs --list shows them.")));
        }
        return chosen;
    }

    private Strategy how() {
        try {
            Strategy how = Strategy.parse(strategy);
            if (!(how instanceof Strategy.Replay)) {
                return how;
            }
        } catch (IllegalArgumentException e) {
            throw new BadInput("--strategy: " + e.getMessage() + ".");
        }
        throw new BadInput("--strategy: a schedule belongs to one litmus; janklab explore --file replays it.");
    }

    private static long positive(String option, long number) {
        if (number < 1 || number > 1_000_000_000) {
            throw new BadInput(option + " takes a number from 1 to 1000000000, not " + number + ".");
        }
        return number;
    }
}
