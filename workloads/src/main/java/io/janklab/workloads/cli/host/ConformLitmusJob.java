package io.janklab.workloads.cli.host;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import io.janklab.explore.text.LitmusText;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.host.conform.LitmusOnHost;
import io.janklab.workloads.host.sys.HostKernel;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The work of `conform --litmus`: the same tasks in threads of the host and under every schedule of the simulated kernel.
record ConformLitmusJob(Output output, ConformLitmusPlan plan) implements Job {
    /// Steps of the search for the allowed outcomes, in millions.
    private static final int SEARCHED = 4;
    private static final long SAMPLED = 20_000;

    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(ConformResult.FILE, ConformResult.KEY);
        return OnThisHost.run(output, host -> compare(host, folder));
    }

    private int compare(HostKernel host, Optional<OutputFolder> folder) {
        LitmusText litmus = plan.litmus();
        String obstacle = LitmusOnHost.obstacle(litmus);
        if (obstacle != null) {
            output.printObstacle("The litmus is not compared: " + obstacle + ".");
            return ExitCode.OK;
        }
        ExploreSpec spec = new ExploreSpec(litmus.litmus(), host.profile(), host.architecture());
        Verdict allowed = new Explorer(spec).strategy(new Strategy.Auto(SEARCHED)).schedules(SAMPLED).explore();
        final Map<String, Long> seen;
        try (ProgressLine progress = new ProgressLine("times", plan.times(), output.isSilent())) {
            seen = new LitmusOnHost(litmus, host).run(plan.times(), progress::step);
        }
        Result result = new Result(host, litmus, allowed, seen);
        folder.ifPresent(out -> out.write(making -> Files.writeString(making.resolve(ConformResult.FILE), result.json())));
        output.print(result::text, result::json);
        output.nothingToVerify();
        output.remarkWritten(List.of(ConformResult.FILE));
        return result.agrees() ? ExitCode.OK : ExitCode.KERNELS_DISAGREE;
    }

    /// Both sides' outcomes.
    private record Result(HostKernel host, LitmusText litmus, Verdict allowed, Map<String, Long> seen) {
        boolean agrees() {
            return seen.keySet().stream().allMatch(outcome -> objection(outcome).isEmpty());
        }

        /// Why the host should not have had this outcome; empty if it may.
        private String objection(String outcome) {
            String broken = litmus.broken(LitmusOnHost.answers(outcome));
            if (broken != null) {
                return "against " + broken;
            }
            boolean unknown = !allowed.outcomes().containsKey(outcome);
            return unknown && allowed.complete() ? "no schedule of the simulated kernel has this outcome" : "";
        }

        String text() {
            StringBuilder text = new StringBuilder();
            String all = allowed.complete() ? ", all there are" : "";
            text.append(String.format(Locale.ROOT, "%s: Linux %s in threads, beside schedules of %s (%,d by %s%s)%n%n", litmus.name(),
                    host.release(), host.profile().name(), allowed.schedules(), allowed.strategy(), all));
            text.append(String.format("%12s %12s  outcome%n", "host", "simulated"));
            Map<String, Long> outcomes = new LinkedHashMap<>(allowed.outcomes());
            seen.keySet().forEach(outcome -> outcomes.putIfAbsent(outcome, 0L));
            outcomes.forEach((outcome, count) -> {
                String why = seen.containsKey(outcome) && !objection(outcome).isEmpty() ? "  <- " + objection(outcome) : "";
                text.append(String.format(Locale.ROOT, "%,12d %,12d  %s%s%n", seen.getOrDefault(outcome, 0L), count, outcome, why));
            });
            String end = agrees() ? "nothing that is not allowed" : "what is not allowed";
            return text.append("\nThe host shows ").append(end).append(".\n").toString();
        }

        String json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("kernel", host.profile().name());
            json.put("host", host.release());
            json.put("litmus", litmus.name());
            json.put("seen", seen);
            json.put("allowed", allowed.outcomes());
            json.put("complete", allowed.complete());
            json.put("agrees", agrees());
            return JsonText.of(json);
        }
    }
}
