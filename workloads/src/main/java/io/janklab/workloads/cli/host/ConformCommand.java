package io.janklab.workloads.cli.host;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.host.conform.ConformRun;
import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.host.record.RecordRun;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostRefusal;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `janklab conform`: the simulated kernel against the one this program runs on.
@Command(
        name = "conform",
        mixinStandardHelpOptions = true,
        description = {
            "Runs programs of system calls on this host's Linux and on the simulated one, and compares them.",
            "They must agree in every call's result, and in VMAs, which pages are mapped, and what they hold: after every call of a "
            + "program from a file, and after one call in --every, and the last, of random ones. A random program that disagrees is run "
            + "again and compared after every call.",
            "Leaves conform.json in --out, if that is given, and as divergence.txt the program that shows where they disagree."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the kernels agree, or this host cannot tell", "1:internal failure", "2:bad input", "4:the kernels disagree"})
public final class ConformCommand implements Callable<Integer> {
    /// One cause seldom shows in one program only.
    private static final int DIVERGENCES_MAX = 5;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--program", paramLabel = "FILE", description = "Run this program instead of random ones.")
    private @Nullable Path program;

    @Option(names = "--crossed",
            description = "Instead of random programs make every call, with every kind of argument, on every kind of mapping: some 56,000 "
                    + "short programs, compared after every call.")
    private boolean crossed;

    @Option(names = "--record", paramLabel = "FILE",
            description =
            "Record this host's results of random programs, and if they are anonymous of scripted ones that use every call, in this "
            + "file (compressed if it ends in .gz). Nothing is simulated.")
    private @Nullable Path record;

    @Option(names = "--against", paramLabel = "FILE",
            description = "Compare the simulated kernel with such a file, from any host, instead of with this one.")
    private @Nullable Path against;

    @Option(
            names = "--litmus",
            paramLabel = "FILE",
            description =
                    "Run this litmus's tasks on the host, in threads, and compare the outcomes seen with those that the simulated kernel "
                    + "allows.")
    private @Nullable Path litmus;

    @Option(
            names = "--times",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How often the litmus is run (default: ${DEFAULT-VALUE}).")
    private long times;

    @Option(names = "--programs", paramLabel = "N", defaultValue = "1000", description = "Random programs (default: ${DEFAULT-VALUE}).")
    private long programs;

    @Option(names = "--kind", paramLabel = "KIND",
            description = "Kind of random programs: anonymous (private memory), fork (forked children too), files (private and shared "
                    + "mappings of a file too), shared (shared anonymous memory, shared files and children) or huge (huge pages, with "
                    + "--program too; default: ${DEFAULT-VALUE}).")
    private String kind = "anonymous";

    @Option(names = "--calls", paramLabel = "N", defaultValue = "50", description = "Calls in each (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Option(names = "--every", paramLabel = "N", defaultValue = "16",
            description = "Compare the VMAs, pages and contents of random programs after one call in N, drawn at random, and after the "
                    + "last; after every call if it is 1 (default: ${DEFAULT-VALUE}).")
    private int every;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "86400", description = "Stop after that time (default: a day).")
    private long seconds;

    @Override
    public Integer call() {
        if (Stream.of(program, record, against, litmus, crossed ? "" : null).filter(asked -> asked != null).count() > 1) {
            throw new BadInput("--program, --crossed, --litmus, --record and --against go one at a time.");
        }
        requireAtLeastOne("--programs", programs);
        requireAtLeastOne("--calls", calls);
        requireAtLeastOne("--every", every);
        requireAtLeastOne("--seconds", seconds);
        requireAtLeastOne("--times", times);
        Optional<OutputFolder> folder = common.output().folder(ConformResult.FILE, "kernel");
        LitmusConform threads = litmus == null ? null : new LitmusConform(common.output(), litmus, times);
        if (against != null) {
            return compareWithRecording(against, folder);
        }
        HostKernel host = HostKernel.current();
        if (host.obstacle() != null) {
            common.output().printObstacle(host.obstacle());
            return ExitCode.OK;
        }
        try {
            return threads != null ? threads.run(host, folder) : record != null ? record(host, record) : compareWithHost(host, folder);
        } catch (HostRefusal refusal) {
            common.output().printObstacle(refusal.getMessage());
            return ExitCode.OK;
        }
    }

    private static void requireAtLeastOne(String option, long value) {
        if (value < 1) {
            throw new BadInput(option + " takes a number from 1 on, not " + value + ".");
        }
    }

    private int compareWithHost(HostKernel host, Optional<OutputFolder> folder) {
        ConformRun conform = new ConformRun(host);
        ConformResult result = compare(conform, host);
        folder.ifPresent(out -> out.write(result));
        common.output().print(result::text, result::json);
        common.output().verify(List.of(result.cameTo()), () -> List.of(compare(conform, host).cameTo()));
        common.output().remarkWritten(result.files());
        return result.divergence() == null ? ExitCode.OK : ExitCode.KERNELS_DISAGREE;
    }

    private int record(HostKernel host, Path file) {
        final byte[] recording;
        try (ProgressLine progress = new ProgressLine("recorded", programs, common.output().isSilent())) {
            recording = RecordRun.record(host, kind(), common.seed(), programs, calls, file.toString().endsWith(".gz"),
                    count -> progress.step());
        }
        try {
            AtomicFile.write(file, out -> out.write(recording));
        } catch (IOException e) {
            throw new BadInput(file + " cannot be written.");
        }
        common.output().nothingToVerify();
        common.output().remark("Recorded in " + file + ": " + programs + " random programs of " + calls + " calls from seed "
                + common.seed() + (kind() == ProgramKind.ANONYMOUS ? ", and the scripted ones." : "."));
        return ExitCode.OK;
    }

    private int compareWithRecording(Path recorded, Optional<OutputFolder> folder) {
        RecordRun.Outcome outcome = RecordRun.against(recorded, DIVERGENCES_MAX);
        AgainstResult result = new AgainstResult(recorded, outcome);
        folder.ifPresent(out -> out.write(result));
        common.output().print(result::text, result::json);
        common.output().verify(List.of(result.cameTo()), () ->
                List.of(new AgainstResult(recorded, RecordRun.against(recorded, DIVERGENCES_MAX)).cameTo()));
        common.output().remarkWritten(result.files());
        return outcome.divergences().isEmpty() ? ExitCode.OK : ExitCode.KERNELS_DISAGREE;
    }

    private ConformResult compare(ConformRun conform, HostKernel host) {
        if (crossed) {
            return compareCrossed(conform, host);
        }
        return program == null ? compareRandom(conform, host) : compareProgram(conform, host, program);
    }

    private ConformResult compareProgram(ConformRun conform, HostKernel host, Path file) {
        List<String> lines = lines(file);
        List<String> obstacles = conform.obstacles(file.toString(), lines);
        String divergence = obstacles.isEmpty() ? conform.program(file.toString(), lines, kind()) : null;
        int compared = obstacles.isEmpty() && divergence == null ? 1 : 0;
        return new ConformResult(host, conform.properties(), file, null, obstacles, compared, divergence);
    }

    private List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read.");
        }
    }

    private ProgramKind kind() {
        for (ProgramKind each : ProgramKind.values()) {
            if (each.toString().equals(kind)) {
                return each;
            }
        }
        throw new BadInput("--kind is anonymous, fork, files, shared or huge, not '" + kind + "'.");
    }

    private ConformResult compareCrossed(ConformRun conform, HostKernel host) {
        long[] agreed = new long[1];
        HostProperties properties = conform.properties();
        long count = conform.countCrossed();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (ProgressLine progress = new ProgressLine("programs", count, common.output().isSilent())) {
            String divergence = conform.crossed(deadline, run -> {
                agreed[0] = run;
                progress.step();
            });
            return new ConformResult(host, properties, null, "crossed", List.of(), agreed[0], divergence);
        }
    }

    private ConformResult compareRandom(ConformRun conform, HostKernel host) {
        long[] agreed = new long[1];
        HostProperties properties = conform.properties();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (ProgressLine progress = new ProgressLine("programs", programs, common.output().isSilent())) {
            String divergence = conform.random(kind(), common.seed(), programs, calls, every, deadline, count -> {
                agreed[0] = count;
                progress.step();
            });
            String origin = "random, of " + calls + " calls from seed " + common.seed();
            return new ConformResult(host, properties, null, origin, List.of(), agreed[0], divergence);
        }
    }
}
