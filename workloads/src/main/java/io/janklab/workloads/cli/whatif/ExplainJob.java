package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.report.text.Words;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.explain.Attribution;
import io.janklab.workloads.explain.Bisection;
import io.janklab.workloads.explain.Coalitions;
import io.janklab.workloads.explain.FrameFate;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunSpec;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// The work of `explain`: runs what answers the question, writes the folder, prints.
record ExplainJob(Output output, ExplainPlan plan) implements Job {
    private static final String FILE = "explain.json";
    private static final String MS = "ms";
    private static final double NS_PER_MS = 1e6;
    /// Times are printed with two decimals of a millisecond.
    private static final long PRINTED_NS = 5_000;

    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(FILE, "explained");
        Found found = find();
        output.verify(List.of(found.text()), () -> List.of(find().text()));
        Map<String, Object> json = Map.of("explained", found.json());
        folder.ifPresent(out -> out.write(making -> Files.writeString(making.resolve(FILE), JsonText.of(json))));
        output.print(found::text, () -> JsonText.of(json));
        output.remarkWritten(List.of(FILE));
        return ExitCode.OK;
    }

    /// The output as text, and the same as JSON.
    private record Found(String text, Map<String, Object> json) {}

    private Found find() {
        return switch (plan) {
            case ExplainPlan.Switches switches -> attribution(switches);
            case ExplainPlan.Versions versions -> bisection(versions);
            case ExplainPlan.Frame frame -> fate(frame);
        };
    }

    private ProgressLine progress(long runs) {
        return new ProgressLine("runs", runs, output.isSilent(), output.err());
    }

    private Found attribution(ExplainPlan.Switches asked) {
        KernelProfile from = asked.runs().settings().getFirst().kernel();
        KernelProfile to = asked.runs().settings().getLast().kernel();
        int differences = from.differencesTo(to).size();
        // At least: the number of silent switches is known only later.
        try (ProgressLine progress = progress((2L + 2L * differences) * asked.runs().seeds().size())) {
            Coalitions coalitions = new Coalitions(from, to, asked.ofFirst(), new LocalRunner(), progress);
            Attribution found = Attribution.of(coalitions, asked.metric(), asked.orders(), new Random(asked.seed()));
            return new Found(ExplainText.of(found, from.name(), to.name()), ExplainText.json(found, from.name(), to.name()));
        }
    }

    private Found bisection(ExplainPlan.Versions asked) {
        try (ProgressLine progress = progress(2L * asked.runs().seeds().size())) {
            Bisection found = Bisection.of(asked.series(), asked.ofFirst(), asked.metric(), new LocalRunner(), progress);
            return new Found(ExplainText.of(found, asked.metric()), ExplainText.json(found, asked.metric()));
        }
    }

    private Found fate(ExplainPlan.Frame asked) {
        RunPlan runs = asked.runs();
        String kernel = runs.settings().getFirst().kernel().name();
        try (ProgressLine progress = progress((asked.isWorst() ? runs.specs().size() : 1) + asked.others().size())) {
            Chosen chosen = asked.isWorst() ? worst(runs, progress) : asked(asked.which(), runs.specs().getFirst(), progress);
            List<FrameFate> fates = FrameFate.on(asked.others(), chosen.run(), chosen.frame().token(), progress::step);
            return new Found(ExplainText.of(chosen.run().seed(), chosen.frame(), kernel, fates),
                    ExplainText.json(chosen.run().seed(), chosen.frame(), kernel, fates));
        }
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
