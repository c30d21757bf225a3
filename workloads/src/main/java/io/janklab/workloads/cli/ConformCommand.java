package io.janklab.workloads.cli;

import io.janklab.workloads.host.ConformRun;
import io.janklab.workloads.host.HostKernel;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `janklab conform`: the simulated kernel against the one this program runs on.
@Command(
        name = "conform",
        mixinStandardHelpOptions = true,
        description = {
            "Runs programs of system calls on this host's Linux and on the simulated one, and compares them after every call:",
            "results, VMAs, which pages are mapped, and what they hold."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the kernels agree, or this host cannot tell", "1:internal failure", "2:bad input", "4:the kernels disagree"})
final class ConformCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--program", paramLabel = "FILE", description = "Run this program instead of random ones.")
    private Path program;

    @Option(names = "--programs", paramLabel = "N", defaultValue = "1000", description = "Random programs (default: ${DEFAULT-VALUE}).")
    private long programs;

    @Option(names = "--calls", paramLabel = "N", defaultValue = "50", description = "Calls in each (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of the random programs (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "86400", description = "Stop after that time (default: a day).")
    private long seconds;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        HostKernel host = HostKernel.current();
        if (host.obstacle() != null) {
            out.println(host.obstacle());
            out.flush();
            return ExitCode.OK;
        }
        ConformRun conform = new ConformRun(host);
        List<String> unknown = program != null ? conform.unknownTo(program.toString(), lines()) : conform.unknown();
        out.println("# Linux " + host.release() + " against the simulated " + host.profile().name() + " (" + host.architecture() + ")");
        if (!unknown.isEmpty()) {
            out.println("# This host's kernel does not know " + String.join(", ", unknown) + (program != null ? "." : ": random programs do without."));
        }
        boolean skipped = program != null && !unknown.isEmpty();
        int code = skipped ? ExitCode.OK : compare(conform, out);
        out.flush();
        return code;
    }

    private int compare(ConformRun conform, PrintWriter out) {
        String divergence = program != null ? conform.program(program.toString(), lines()) : runRandom(conform, out);
        out.print(divergence == null ? "# The kernels agree.\n" : divergence);
        return divergence == null ? ExitCode.OK : ExitCode.KERNELS_DISAGREE;
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(program);
        } catch (IOException e) {
            throw new BadInput(program + " cannot be read.");
        }
    }

    private String runRandom(ConformRun conform, PrintWriter out) {
        long[] run = new long[1];
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        String divergence;
        try (ProgressLine progress = new ProgressLine("programs", programs, false)) {
            divergence = conform.random(seed, programs, calls, deadline, count -> {
                run[0] = count;
                progress.step();
            });
        }
        out.println("# " + run[0] + " random programs of " + calls + " calls from seed " + seed + " agreed.");
        return divergence;
    }
}
