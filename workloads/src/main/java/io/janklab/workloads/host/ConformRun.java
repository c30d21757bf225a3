package io.janklab.workloads.host;

import io.janklab.kernel.config.Switch;
import java.util.List;
import java.util.function.LongConsumer;

/// `conform`: programs on the host's kernel and on the simulated one, until they disagree.
///
/// **Caveats.** Pins the calling thread to a core and keeps the lowest 16 MiB of the address space to itself, for good.
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
    private final Conform conform;

    /// Huge pages are off on both sides: on the host, khugepaged would make some whenever it pleased.
    public ConformRun(HostKernel host) {
        conform = new Conform(new RealAddressSpace(), new SimulatedAddressSpace(host.architecture(), host.profile().with(Switch.THP, "never")));
    }

    /// Runs one program from a file's lines.
    ///
    /// @return null if the kernels agree; otherwise a script that shows where they do not
    /// @throws io.janklab.workloads.input.BadInput if a line cannot be read, or its call could harm this process
    public String program(String file, List<String> lines) {
        Divergence divergence = conform.run(Program.parse(file, lines));
        if (divergence == null) {
            return null;
        }
        String reason = differences.reason(divergence.call());
        return reason == null ? divergence.script() : divergence.script() + "# This difference is known: " + reason + "\n";
    }

    /// Runs random programs of `calls` calls until one makes the kernels disagree, `programs` have run or `deadline` has passed.
    ///
    /// @param deadline in terms of [System#nanoTime]
    /// @param progress told after each program how many have run
    /// @return null if the kernels agree; otherwise the shortest program found that shows that they do not
    public String random(long seed, long programs, int calls, long deadline, LongConsumer progress) {
        ProgramGenerator generator = new ProgramGenerator(seed, MIX, differences);
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
