package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.host.conform.ConformRun;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The work of `conform` on this host's kernel: runs the programs on both kernels, writes the folder, prints.
record ConformJob(Output output, ConformPlan plan) implements Job {
    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(ConformResult.FILE, ConformResult.KEY);
        return OnThisHost.run(output, host -> compare(host, folder));
    }

    private int compare(HostKernel host, Optional<OutputFolder> folder) {
        ConformRun conform = new ConformRun(host);
        ConformResult result = compare(conform, host);
        folder.ifPresent(out -> out.write(result));
        output.print(result::text, result::json);
        output.verify(List.of(result.cameTo()), () -> List.of(compare(conform, host).cameTo()));
        output.remarkWritten(result.files());
        return result.divergence() == null ? ExitCode.OK : ExitCode.KERNELS_DISAGREE;
    }

    private ConformResult compare(ConformRun conform, HostKernel host) {
        if (plan.crossed()) {
            return compareMany(conform, host, conform.countCrossed(), "crossed", conform::crossed);
        }
        if (plan.program() != null) {
            return compareProgram(conform, host, plan.program());
        }
        String origin = "random, of " + plan.calls() + " calls from seed " + plan.seed();
        return compareMany(conform, host, plan.programs(), origin, (deadline, ended) ->
                conform.random(plan.kind(), plan.seed(), plan.programs(), plan.calls(), plan.every(), deadline, ended));
    }

    private ConformResult compareProgram(ConformRun conform, HostKernel host, Path file) {
        List<String> lines = lines(file);
        List<String> obstacles = conform.obstacles(file.toString(), lines);
        String divergence = obstacles.isEmpty() ? conform.program(file.toString(), lines, plan.kind()) : null;
        int compared = obstacles.isEmpty() && divergence == null ? 1 : 0;
        return new ConformResult(host, conform.properties(), file, null, obstacles, compared, divergence);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read.");
        }
    }

    /// Programs that are made up.
    private interface Many {
        /// @param ended gets how many have agreed
        /// @return the first that does not; null if all do
        @Nullable String compare(long deadlineNs, LongConsumer ended);
    }

    private ConformResult compareMany(ConformRun conform, HostKernel host, long count, String origin, Many programs) {
        long[] agreed = new long[1];
        HostProperties properties = conform.properties();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(plan.seconds());
        try (ProgressLine progress = new ProgressLine("programs", count, output.isSilent())) {
            String divergence = programs.compare(deadline, done -> {
                agreed[0] = done;
                progress.step();
            });
            return new ConformResult(host, properties, null, origin, List.of(), agreed[0], divergence);
        }
    }
}
