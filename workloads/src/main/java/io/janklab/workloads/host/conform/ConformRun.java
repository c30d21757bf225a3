package io.janklab.workloads.host.conform;

import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import io.janklab.workloads.host.probe.AskedHost;
import io.janklab.workloads.host.program.CrossedPrograms;
import io.janklab.workloads.host.program.KnownDifferences;
import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.program.SyscallProgramGenerator;
import io.janklab.workloads.host.space.SimulatedAddressSpace;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// `conform`: programs on the host's kernel and on the simulated one, until they disagree.
///
/// **Caveats.** Pins a thread to a core and keeps the lowest 16 MiB of the address space to itself, for good. After a call that never
/// returned it is no longer usable.
public final class ConformRun {
    private final Watchdog watchdog = new Watchdog();
    private final HostKernel kernel;
    private @Nullable Begun begun;

    /// The host's properties have been asked for, and what differs by them is known.
    private record Begun(AskedHost host, KnownDifferences differences, Conform conform) {}

    public ConformRun(HostKernel kernel) {
        this.kernel = kernel;
    }

    private Begun begin() {
        if (begun == null) {
            AskedHost host = AskedHost.open(kernel);
            SimulatedAddressSpace simulated = new SimulatedAddressSpace(kernel.architecture(), kernel.profile(), host.properties());
            begun = new Begun(host, KnownDifferences.documented().and(host.properties().leftOut()),
                    new Conform(host.region(), simulated, watchdog));
        }
        begun.host.region().pinThread();
        return begun;
    }

    /// The properties of this host.
    ///
    /// @throws io.janklab.workloads.host.sys.HostRefusal if it refuses something that the comparison needs
    public HostProperties properties() {
        return begin().host.properties();
    }

    /// Runs one program from a file's lines.
    ///
    /// @param kind with huge pages if that has them
    /// @return null if the kernels agree; otherwise a script that shows where they do not
    /// @throws io.janklab.workloads.input.BadInput if a line cannot be read, or its call could harm this process
    public @Nullable String program(String file, List<String> lines, ProgramKind kind) {
        SyscallProgram program = SyscallProgram.parse(file, lines);
        return watchdog.watch(() -> {
            Begun asked = begin();
            asked.conform.useHugePages(kind.isHuge());
            return compare(asked, program);
        });
    }

    private static @Nullable String compare(Begun asked, SyscallProgram program) {
        Divergence divergence = asked.conform.run(program);
        if (divergence == null) {
            return null;
        }
        String reason = asked.differences.reason(divergence.call());
        return reason == null ? divergence.script() : divergence.script() + "# This difference is known: " + reason + "\n";
    }

    /// Why a program cannot be compared on this host, a sentence for each property of the host that prevents it; empty if it can.
    public List<String> obstacles(String file, List<String> lines) {
        KnownDifferences ofHost = KnownDifferences.none().and(begin().host.properties().leftOut());
        return SyscallProgram.parse(file, lines).calls().stream().map(ofHost::reason).filter(reason -> reason != null).distinct().toList();
    }

    /// Runs random programs of `calls` calls until one makes the kernels disagree, `programs` have run or `deadline` has passed; one in
    /// any case.
    ///
    /// @param kind     what they are made of
    /// @param every    the state is compared after one call in so many, drawn at random, and after the last; 1 for every call
    /// @param deadline in terms of [System#nanoTime]
    /// @param progress called after each program with the number that have run
    /// @return null if the kernels agree; otherwise the shortest program found that shows that they do not
    public @Nullable String random(ProgramKind kind, long seed, long programs, int calls, int every, long deadline,
            LongConsumer progress) {
        return watchdog.watch(() -> {
            Begun asked = begin();
            asked.conform.useHugePages(kind.isHuge());
            return compareRandom(asked, kind, seed, programs, calls, every, deadline, progress);
        });
    }

    private static @Nullable String compareRandom(Begun asked, ProgramKind kind, long seed, long programs, int calls, int every,
            long deadline, LongConsumer progress) {
        SyscallProgramGenerator generator = new SyscallProgramGenerator(seed, kind, asked.differences);
        RandomStream sampling = new Simulation(seed).random("conform/sample");
        for (long run = 1; run <= programs && (run == 1 || System.nanoTime() - deadline < 0); run++) {
            SyscallProgram program = generator.next(calls);
            Divergence divergence = asked.conform.runSampled(program, Checkpoints.sample(sampling, calls, every));
            if (divergence != null) {
                return shrink(asked.conform, divergence).script();
            }
            progress.accept(run);
        }
        return null;
    }

    /// How many programs [#crossed] has on this host.
    public long countCrossed() {
        return CrossedPrograms.all(begin().differences).size();
    }

    /// Runs the programs of [CrossedPrograms] until one makes the kernels disagree or `deadline` has passed, one in any case. The state is
    /// compared after every call.
    ///
    /// @param progress called after each program with the number that have run
    /// @return null if the kernels agree; otherwise the program that shows that they do not
    public @Nullable String crossed(long deadline, LongConsumer progress) {
        return watchdog.watch(() -> {
            Begun asked = begin();
            asked.conform.useHugePages(false);
            long run = 0;
            for (SyscallProgram program : CrossedPrograms.all(asked.differences)) {
                if (run > 0 && System.nanoTime() - deadline >= 0) {
                    return null;
                }
                Divergence divergence = asked.conform.run(program);
                if (divergence != null) {
                    return divergence.upToThere().script();
                }
                progress.accept(++run);
            }
            return null;
        });
    }

    private static Divergence shrink(Conform conform, Divergence found) {
        boolean bearsLooking = conform.run(found.program()) != null;
        return new ProgramShrink(bearsLooking ? conform::run : conform::runUnobserved).shrink(found);
    }
}
