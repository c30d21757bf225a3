package io.janklab.workloads.cli.run;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FilePath;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.threads.ThreadProgram;
import io.janklab.workloads.threads.ThreadProgramParser;
import io.janklab.workloads.threads.ThreadProgramRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The work of `run --program`: reads the file, or a bundled one, runs it, and shows the latencies of what it marks.
record ProgramJob(Output output, ProgramPlan plan) implements Job {
    private static final long MOST_BYTES = 1 << 20;
    private static final String BUNDLED = "/io/janklab/workloads/threads/";

    @Override
    public int run() {
        Changes set = Changes.of(plan.changes());
        if (!set.scenario().isEmpty() || !set.costs().isEmpty()) {
            throw new BadInput("--program takes kernel switches in --set, not keys of a scenario or costs.");
        }
        KernelProfile profile = set.kernel(plan.version(), plan.device().hardware().architecture());
        ThreadProgram read = new ThreadProgramParser(plan.program(), plan.device().hardware().cpus().size()).parse(lines());
        Optional<OutputFolder> folder = output.folder(ProgramResult.FILE, ProgramResult.KEY);
        ProgramResult result = run(read, profile);
        output.verify(List.of(result.cameTo()), () -> List.of(run(read, profile).cameTo()));
        folder.ifPresent(out -> out.write(result));
        output.print(result::text, result::json);
        output.remarkWritten(List.of(ProgramResult.FILE));
        return ExitCode.OK;
    }

    private ProgramResult run(ThreadProgram read, KernelProfile profile) {
        return new ProgramResult(read, profile.name(), plan.device().name(),
                new ThreadProgramRun(read, plan.device(), profile, plan.seed()).run());
    }

    /// A bundled program goes by its name.
    private List<String> lines() {
        String program = plan.program();
        if (program.matches("[a-z-]+")) {
            try (InputStream in = ProgramJob.class.getResourceAsStream(BUNDLED + program + ".program")) {
                if (in != null) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
                }
            } catch (IOException e) {
                throw new BadInput("the bundled program " + program + " cannot be read.");
            }
        }
        Path file = FilePath.of(program);
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MOST_BYTES) {
                throw new BadInput(program + " is too long for a program: " + Files.size(file) + " bytes, of " + MOST_BYTES + " at most.");
            }
            return OneLine.linesOf(file);
        } catch (IOException e) {
            throw new BadInput(program + " cannot be read as a text file; bundled programs are give-back, "
                    + "mincore-sequential, compact-copy and compact-move.");
        }
    }
}
