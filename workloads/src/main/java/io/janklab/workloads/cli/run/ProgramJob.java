package io.janklab.workloads.cli.run;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.device.Device;
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
import java.util.Map;
import java.util.Optional;

/// The work of `run --program`: reads the file, or a bundled one, runs it, and shows the latencies of what it marks.
final class ProgramJob {
    private static final long MOST_BYTES = 1 << 20;
    private static final String BUNDLED = "/io/janklab/workloads/threads/";

    private final CommonOptions common;
    private final String program;
    private final Device device;
    private final String version;
    private final Map<String, String> changes;

    ProgramJob(CommonOptions common, String program, Device device, String version, Map<String, String> changes) {
        this.common = common;
        this.program = program;
        this.device = device;
        this.version = version;
        this.changes = changes;
    }

    void run() {
        Changes set = Changes.of(changes);
        if (!set.scenario().isEmpty() || !set.costs().isEmpty()) {
            throw new BadInput("--program takes kernel switches in --set, not keys of a scenario or costs.");
        }
        KernelProfile profile = set.kernel(version, device.hardware().architecture());
        ThreadProgram read = new ThreadProgramParser(program, device.hardware().cpus().size()).parse(lines());
        Optional<OutputFolder> folder = common.folder(ProgramResult.FILE, ProgramResult.KEY);
        ProgramResult result = run(read, profile);
        common.verify(List.of(result.cameTo()), () -> List.of(run(read, profile).cameTo()));
        folder.ifPresent(out -> out.write(result));
        common.print(result::text, result::json);
        common.remarkWritten(List.of(ProgramResult.FILE));
    }

    private ProgramResult run(ThreadProgram read, KernelProfile profile) {
        return new ProgramResult(read, profile.name(), device.name(), new ThreadProgramRun(read, device, profile, common.seed()).run());
    }

    /// A bundled program goes by its name.
    private List<String> lines() {
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
