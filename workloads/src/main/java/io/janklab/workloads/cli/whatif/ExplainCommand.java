package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.measure.FrameReport;
import io.janklab.dashboards.report.text.Words;
import io.janklab.kernel.config.AndroidKernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.explain.Attribution;
import io.janklab.workloads.explain.Bisection;
import io.janklab.workloads.explain.Coalitions;
import io.janklab.workloads.explain.FrameFate;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunSpec;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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
    private static final int DEFAULT_SEEDS = 10;
    private static final String FILE = "explain.json";
    private static final String WORST = "worst";
    private static final String MS = "ms";
    private static final double NS_PER_MS = 1e6;
    /// Times are printed with two decimals of a millisecond.
    private static final long PRINTED_NS = 5_000;

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
        Optional<OutputFolder> folder = common.output().folder(FILE, "explained");
        Found found = find();
        common.output().verify(List.of(found.text()), () -> List.of(find().text()));
        Map<String, Object> json = Map.of("explained", found.json());
        folder.ifPresent(out -> out.write(making -> Files.writeString(making.resolve(FILE), JsonText.of(json))));
        common.output().print(found::text, () -> JsonText.of(json));
        common.output().remarkWritten(List.of(FILE));
        return ExitCode.OK;
    }

    private void check() {
        options.refuseWhatFilesNeed("explain");
        if (frame != null && !frame.matches(WORST + "|\\d{1,12}|\\d{1,9}(\\.\\d{1,6})?ms")) {
            throw new BadInput("--frame takes " + WORST + ", a vsync's number or a time such as 12345.67ms, not '" + frame + "'.");
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

    /// The output as text, and the same as JSON.
    private record Found(String text, Map<String, Object> json) {}

    private Found find() {
        return frame != null ? frame(frame) : bisect ? bisection() : attribution();
    }

    private RunPlan plan() {
        List<String> two = kernels.isEmpty() ? DefaultKernels.TWO : kernels;
        RunPlan plan = options.plan(common, two.stream().map(Side::ofKernel).toList(), DEFAULT_SEEDS, false);
        Metrics.check(metric(plan), plan);
        return plan;
    }

    private String metric(RunPlan plan) {
        return metric == null ? plan.settings().getFirst().scenario().headline() : metric;
    }

    private static List<RunSpec> ofFirst(RunPlan plan) {
        return plan.specs().subList(0, plan.seeds().size());
    }

    private Found attribution() {
        RunPlan plan = plan();
        KernelProfile from = plan.settings().getFirst().kernel();
        KernelProfile to = plan.settings().getLast().kernel();
        int differences = from.differencesTo(to).size();
        if (differences == 0) {
            throw new BadInput("the kernels " + from + " and " + to + " differ in no switch.");
        }
        // At least: the number of silent switches is known only later.
        try (ProgressLine progress = new ProgressLine("runs", (2L + 2L * differences) * plan.seeds().size(), common.output().isSilent(),
                common.output().err())) {
            Coalitions coalitions = new Coalitions(from, to, ofFirst(plan), new LocalRunner(), progress);
            Attribution found = Attribution.of(coalitions, metric(plan), orders, new Random(common.seed()));
            return new Found(ExplainText.of(found, from.name(), to.name()), ExplainText.json(found, from.name(), to.name()));
        }
    }

    private Found bisection() {
        Output output = common.output();
        RunPlan plan = plan();
        if (metric(plan).endsWith(".max")) {
            throw new BadInput("--metric " + metric(plan) + " is the figure of a single frame and cannot be told from chance: --bisect "
                    + "takes another, such as frameOverrunMs.P99.");
        }
        List<KernelProfile> series = series(plan.settings().getFirst().kernel(), plan.settings().getLast().kernel(), architecture(plan));
        try (ProgressLine progress = new ProgressLine("runs", 2L * plan.seeds().size(), output.isSilent(), output.err())) {
            String judged = metric(plan);
            Bisection found = Bisection.of(series, ofFirst(plan), judged, new LocalRunner(), progress);
            return new Found(ExplainText.of(found, judged), ExplainText.json(found, judged));
        }
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

    private Found frame(String which) {
        int seeds = which.equals(WORST) ? DEFAULT_SEEDS : 1;
        RunPlan plan = options.plan(common, List.of(Side.ofKernel(kernels.isEmpty() ? "6.12" : kernels.getFirst())), seeds, false);
        KernelProfile kernel = plan.settings().getFirst().kernel();
        List<KernelProfile> others = others(plan, kernel);
        try (ProgressLine progress = new ProgressLine("runs", (which.equals(WORST) ? plan.specs().size() : 1) + others.size(),
                common.output().isSilent(), common.output().err())) {
            Chosen chosen = which.equals(WORST) ? worst(plan, progress) : asked(which, plan.specs().getFirst(), progress);
            List<FrameFate> fates = FrameFate.on(others, chosen.run(), chosen.frame().token(), progress::step);
            return new Found(ExplainText.of(chosen.run().seed(), chosen.frame(), kernel.name(), fates),
                    ExplainText.json(chosen.run().seed(), chosen.frame(), kernel.name(), fates));
        }
    }

    private List<KernelProfile> others(RunPlan plan, KernelProfile kernel) {
        List<KernelProfile> others = new ArrayList<>(kernels.stream().skip(1)
                .map(name -> options.plan(common, List.of(Side.ofKernel(name)), 1, false).settings().getFirst().kernel()).toList());
        Stream.of(KernelVersion.values()).map(version -> KernelProfile.of(version, architecture(plan)))
                .filter(each -> !each.name().equals(kernel.name()) && others.stream().noneMatch(other -> other.name().equals(each.name())))
                .forEach(others::add);
        return others;
    }

    /// A frame and the run it belongs to.
    private record Chosen(RunSpec run, FrameReport frame) {}

    private static Chosen worst(RunPlan plan, ProgressLine progress) {
        KernelResult result = plan.kernelResults(new LocalRunner().run(plan.specs(), progress)).getFirst();
        SeedFrame worst = result.worstFrames().stream().findFirst()
                .orElseThrow(() -> new BadInput("no frame is drawn on " + result.name() + " in " + plan.workload() + "."));
        RunSpec run = plan.specs().stream().filter(spec -> spec.seed() == worst.seed()).findFirst().orElseThrow();
        return new Chosen(run, worst.frame());
    }

    private static Chosen asked(String which, RunSpec run, ProgressLine progress) {
        List<FrameReport> frames = FrameFate.all(run);
        progress.step();
        return frames.stream().filter(each -> isAskedFor(which, each)).findFirst().map(found -> new Chosen(run, found))
                .orElseThrow(() -> new BadInput("--frame " + which + ": there is no such frame of seed " + run.seed() + " on "
                        + run.kernel().name() + span(frames) + "."));
    }

    private static boolean isAskedFor(String which, FrameReport report) {
        if (!which.endsWith(MS)) {
            return report.token() == Long.parseLong(which);
        }
        double ns = Double.parseDouble(which.substring(0, which.length() - MS.length())) * NS_PER_MS;
        return Math.round(ns) >= report.beganAt() - PRINTED_NS && ns <= report.beganAt() + report.durationNs();
    }

    private static String span(List<FrameReport> frames) {
        return frames.isEmpty() ? "" : "; there are " + frames.getFirst().token() + " to " + frames.getLast().token() + ", from "
                + Words.nsAsMs(frames.getFirst().beganAt()) + " ms to " + Words.nsAsMs(frames.getLast().beganAt()) + " ms";
    }
}
