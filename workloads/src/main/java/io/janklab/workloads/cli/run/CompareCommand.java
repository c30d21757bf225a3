package io.janklab.workloads.cli.run;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.plan.SideOptions;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.RecordedCases;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab compare`: the same workload, seed for seed, on several kernels or under any other settings.
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {"Runs the same workload on several kernels, or under any settings, and compares them.",
                "By itself: a phone that is busy out of sight, on two kernels, and an idle one as the control",
                "(--kernels 6.1,6.12 --scenario busy --control scroll).",
                "Leaves result.json, report.html, metrics.txt and more in --out (default: out)."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
public final class CompareCommand implements Callable<Integer> {
    /// As many as a difference needs to stay beyond chance after the correction for a table of metrics (`Evidence`).
    private static final int DEFAULT_SEEDS = 9;

    /// The default comparison: where on the map kernels differ, and where not (MAP.md).
    private static final List<String> SHOWN_KERNELS = List.of("6.1", "6.12");
    private static final String SHOWN = "busy";
    private static final String SHOWN_CONTROL = "scroll";

    @Mixin
    private CommonOptions common = new CommonOptions("out");

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    private SideOptions sides = new SideOptions();

    @Option(
            names = "--no-bound",
            description =
                    "Do not run the first side with every lock granted at once (oracle=uncontended), the bound of all that a change of "
                    + "locks can win.")
    private boolean withoutBound;

    @Option(
            names = "--control",
            paramLabel = "NAME|FILE",
            description = "Another scenario, run on the same kernels and shown beside it, without bounds; its files go to control/.")
    private @Nullable String control;

    @Option(names = "--verbose", description = "With --control: print all there is of both; it is in their reports as well.")
    private boolean verbose;

    @Override
    public Integer call() {
        if (sides.areDefaults() && !options.nameWorkload() && control == null) {
            sides.useKernels(SHOWN_KERNELS);
            options.useScenario(SHOWN);
            control = SHOWN_CONTROL;
        }
        if (control == null) {
            if (verbose) {
                throw new BadInput("--verbose goes with --control: without one, all there is is printed anyway.");
            }
            return new RunJob(common.output(), plan()).run();
        }
        RunPlan plan = options.plan(common, sides.list(), DEFAULT_SEEDS, false);
        return new ControlledJob(common.output(), plan, options.controlOf(plan, common, sides.list(), control), verbose).run();
    }

    /// See [RecordingOptions#openIn].
    public void openRecordingsIn(RecordedCases opened) {
        options.openRecordingsIn(opened);
    }

    /// The comparison that the options describe, without a control.
    public RunPlan plan() {
        return options.plan(common, sides.list(), DEFAULT_SEEDS, !withoutBound);
    }
}
