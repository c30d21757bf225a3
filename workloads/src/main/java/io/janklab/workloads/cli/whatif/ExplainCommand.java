package io.janklab.workloads.cli.whatif;

import io.janklab.kernel.config.AndroidKernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.DefaultKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab explain`: which switch made the difference, since which version, and the fate of a frame.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Two kernels differ: says which of their switches did it, each turned at both ends and in many orders.",
            "With --bisect, since which version; with --frame, why a frame was late and whether it would have been elsewhere.",
            "Leaves explain.json in --out, if that is given."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
public final class ExplainCommand implements Callable<Integer> {
    private static final int DEFAULT_SEEDS = 9;
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private RunOptions options = new RunOptions();

    @Parameters(paramLabel = "KERNEL", arity = "0..2",
            description = "The two kernels (default: 6.12 6.17); of --frame the one it was late on.")
    private List<String> kernels = new ArrayList<>();

    @Option(names = "--metric", paramLabel = "NAME",
            description = "Metric to explain, such as frameOverrunMs.P99 or inversion.uiNs (default: the scenario's headline).")
    private @Nullable String metric;

    @Option(names = "--orders", paramLabel = "N", defaultValue = "8",
            description = "Orders to draw where not all can be tried, each also backwards (default: ${DEFAULT-VALUE}).")
    private int orders;

    @Option(names = "--bisect", description = "Find the first version between the two that changed the metric.")
    private boolean bisect;

    @Option(names = "--frame", paramLabel = "WHICH",
            description = "Explain one frame: worst, or, of the first seed's, its vsync's number (doFrame's in a trace) or a time in it, "
                    + "such as 12345.67ms.")
    private @Nullable String frame;

    @Override
    public Integer call() {
        check();
        return new ExplainJob(common.output(), plan()).run();
    }

    private void check() {
        options.refuseWhatFilesNeed("explain");
        if (frame != null && !frame.matches(ExplainPlan.Frame.WORST + "|\\d{1,12}|\\d{1,9}(\\.\\d{1,6})?ms")) {
            throw new BadInput("--frame takes " + ExplainPlan.Frame.WORST + ", a vsync's number or a time such as 12345.67ms, not '"
                    + frame + "'.");
        }
        if (frame != null && bisect) {
            throw new BadInput("--frame and --bisect are mutually exclusive: give one of them.");
        }
        if (orders < 1) {
            throw new BadInput("--orders takes a number from 1 on, not " + orders + ".");
        }
        if (frame == null && kernels.size() == 1) {
            throw new BadInput("explain takes two kernels, such as 6.12 6.17, or none.");
        }
    }

    private ExplainPlan plan() {
        return frame != null ? ofFrame(frame) : bisect ? bisection() : attribution();
    }

    private RunPlan runs() {
        List<String> two = kernels.isEmpty() ? DefaultKernels.TWO : kernels;
        RunPlan plan = options.plan(common, two.stream().map(Side::ofKernel).toList(), DEFAULT_SEEDS, false);
        Metrics.check(metric(plan), plan);
        return plan;
    }

    private String metric(RunPlan plan) {
        return metric == null ? plan.settings().getFirst().scenario().headline() : metric;
    }

    private ExplainPlan attribution() {
        RunPlan runs = runs();
        KernelProfile from = runs.settings().getFirst().kernel();
        KernelProfile to = runs.settings().getLast().kernel();
        if (from.differencesTo(to).isEmpty()) {
            throw new BadInput("the kernels " + from + " and " + to + " differ in no switch.");
        }
        return new ExplainPlan.Switches(runs, metric(runs), orders, common.seed());
    }

    private ExplainPlan bisection() {
        RunPlan runs = runs();
        if (metric(runs).endsWith(".max")) {
            throw new BadInput("--metric " + metric(runs) + " is the figure of a single frame and cannot be told from chance: --bisect "
                    + "takes another, such as frameOverrunMs.P99.");
        }
        KernelProfile from = runs.settings().getFirst().kernel();
        KernelProfile to = runs.settings().getLast().kernel();
        return new ExplainPlan.Versions(runs, metric(runs), series(from, to, architecture(runs)));
    }

    private ExplainPlan ofFrame(String which) {
        int seeds = which.equals(ExplainPlan.Frame.WORST) ? DEFAULT_SEEDS : 1;
        RunPlan runs = options.plan(common, List.of(Side.ofKernel(kernels.isEmpty() ? "6.12" : kernels.getFirst())), seeds, false);
        return new ExplainPlan.Frame(runs, which, others(runs, runs.settings().getFirst().kernel()));
    }

    private List<KernelProfile> others(RunPlan plan, KernelProfile kernel) {
        List<KernelProfile> others = new ArrayList<>(kernels.stream().skip(1)
                .map(name -> options.plan(common, List.of(Side.ofKernel(name)), 1, false).settings().getFirst().kernel()).toList());
        Stream.of(KernelVersion.values()).map(version -> KernelProfile.of(version, architecture(plan)))
                .filter(each -> !each.name().equals(kernel.name()) && others.stream().noneMatch(other -> other.name().equals(each.name())))
                .forEach(others::add);
        return others;
    }

    private static Architecture architecture(RunPlan plan) {
        return plan.settings().getFirst().device().hardware().architecture();
    }

    /// Mainline's versions between two of them, or Android's branches.
    private static List<KernelProfile> series(KernelProfile from, KernelProfile to, Architecture architecture) {
        Stream<List<String>> families = Stream.of(Stream.of(KernelVersion.values()).map(KernelVersion::label).toList(),
                Stream.of(AndroidKernel.values()).map(AndroidKernel::label).toList());
        return families.filter(labels -> labels.contains(from.name()) && labels.indexOf(from.name()) < labels.indexOf(to.name()))
                .map(labels -> labels.subList(labels.indexOf(from.name()), labels.indexOf(to.name()) + 1))
                .map(labels -> labels.stream().flatMap(label -> Stream.ofNullable(KernelProfile.byLabel(label, architecture))).toList())
                .findFirst().orElseThrow(() -> new BadInput("--bisect goes from one of mainline's versions to a later one, or from one of "
                        + "Android's branches, not from " + from + " to " + to + "."));
    }
}
