package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.explore.LitmusFiles;
import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.input.BadInput;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
    private static final long MOST_TIMES = 100_000_000;

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
        return job().run();
    }

    private Job job() {
        Output output = common.output();
        ProgramKind ofKind = kind();
        if (litmus != null) {
            return new ConformLitmusJob(output, litmusPlan(litmus));
        }
        if (against != null) {
            return new ConformAgainstJob(output, against);
        }
        if (record != null) {
            return new ConformRecordJob(output, new ConformRecordPlan(record, ofKind, programs, calls, common.seed()));
        }
        return new ConformJob(output, new ConformPlan(program, crossed, ofKind, programs, calls, every, seconds, common.seed()));
    }

    private ConformLitmusPlan litmusPlan(Path file) {
        if (times > MOST_TIMES) {
            throw new BadInput("--times takes a number from 1 to " + MOST_TIMES + ", not " + times + ".");
        }
        return new ConformLitmusPlan(LitmusFiles.read(file), times);
    }

    private static void requireAtLeastOne(String option, long value) {
        if (value < 1) {
            throw new BadInput(option + " takes a number from 1 on, not " + value + ".");
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
}
