package io.janklab.workloads.host.conform;

import io.janklab.kernel.config.Switch;
import io.janklab.workloads.host.program.Call;
import io.janklab.workloads.host.program.KnownDifferences;
import io.janklab.workloads.host.program.Operation;
import io.janklab.workloads.host.program.Program;
import io.janklab.workloads.host.program.ProgramGenerator;
import io.janklab.workloads.host.sys.HostKernel;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/// `conform`: programs on the host's kernel and on the simulated one, until they disagree.
///
/// **Caveats.** Pins a thread to a core and keeps the lowest 16 MiB of the address space to itself, for good. After a call that never
/// returned it is of no more use.
public final class ConformRun {
    /// Random programs hold several mappings before they take any away.
    static final List<Operation> MIX = List.of(
            Operation.MMAP,
            Operation.MMAP,
            Operation.MMAP,
            Operation.MUNMAP,
            Operation.MPROTECT,
            Operation.MPROTECT,
            Operation.MADVISE,
            Operation.MADVISE,
            Operation.MADVISE,
            Operation.PROCESS_MADVISE,
            Operation.MREMAP,
            Operation.MREMAP,
            Operation.MLOCK,
            Operation.MUNLOCK,
            Operation.MINCORE,
            Operation.MSEAL,
            Operation.SET_ANON_NAME,
            Operation.UFFD_REGISTER,
            Operation.UFFD_REGISTER,
            Operation.UFFD_UNREGISTER,
            Operation.UFFD_COPY,
            Operation.UFFD_ZEROPAGE,
            Operation.UFFD_MOVE,
            Operation.UFFD_WRITEPROTECT,
            Operation.READ,
            Operation.WRITE,
            Operation.WRITE);

    private final KnownDifferences differences = KnownDifferences.documented();
    private final Watchdog watchdog = new Watchdog();
    private final HostKernel host;
    private RealAddressSpace real;
    private Conform conform;

    public ConformRun(HostKernel host) {
        this.host = host;
    }

    /// Huge pages are off on both sides: on the host, khugepaged would make some whenever it pleased.
    private void begin() {
        if (conform == null) {
            real = new RealAddressSpace();
            conform = new Conform(real, new SimulatedAddressSpace(host.architecture(), host.profile().with(Switch.THP, "never")), watchdog);
        }
        real.pinThread();
    }

    /// Runs one program from a file's lines.
    ///
    /// @return null if the kernels agree; otherwise a script that shows where they do not
    /// @throws io.janklab.workloads.input.BadInput if a line cannot be read, or its call could harm this process
    public String program(String file, List<String> lines) {
        Program program = Program.parse(file, lines);
        return watchdog.watch(() -> {
            begin();
            return compare(program);
        });
    }

    private String compare(Program program) {
        Divergence divergence = conform.run(program);
        if (divergence == null) {
            return null;
        }
        String reason = differences.reason(divergence.call());
        return reason == null ? divergence.script() : divergence.script() + "# This difference is known: " + reason + "\n";
    }

    /// Calls of a program that this host's kernel does not know, as they are written; empty if it knows all.
    public List<String> unknownTo(String file, List<String> lines) {
        List<Operation> used = Program.parse(file, lines).calls().stream().map(Call::operation).toList();
        return missing().stream().filter(used::contains).map(Operation::word).toList();
    }

    /// Calls that random programs leave out, since this host's kernel does not know them.
    public List<String> unknown() {
        return missing().stream().map(Operation::word).toList();
    }

    private Set<Operation> missing() {
        begin();
        return real.missing();
    }

    /// Runs random programs of `calls` calls until one makes the kernels disagree, `programs` have run or `deadline` has passed.
    ///
    /// @param deadline in terms of [System#nanoTime]
    /// @param progress told after each program how many have run
    /// @return null if the kernels agree; otherwise the shortest program found that shows that they do not
    public String random(long seed, long programs, int calls, long deadline, LongConsumer progress) {
        return watchdog.watch(() -> {
            begin();
            return compareRandom(seed, programs, calls, deadline, progress);
        });
    }

    private String compareRandom(long seed, long programs, int calls, long deadline, LongConsumer progress) {
        Set<Operation> missing = real.missing();
        List<Operation> known = MIX.stream().filter(operation -> !missing.contains(operation)).toList();
        ProgramGenerator generator = new ProgramGenerator(seed, known, differences);
        for (long run = 1; run <= programs && System.nanoTime() - deadline < 0; run++) {
            Divergence divergence = conform.run(generator.next(calls));
            if (divergence != null) {
                return new Shrink(conform).shrink(divergence).script();
            }
            progress.accept(run);
        }
        return null;
    }
}
