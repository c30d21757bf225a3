package io.janklab.workloads.host.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a thread of this process has had of its core so far: `/proc/PID/task/TID/schedstat` (`proc_pid_schedstat`, Linux 6.18), which a
/// kernel without CONFIG_SCHED_INFO lacks.
///
/// @param ranNs on the core
/// @param waitedNs ready to run while the core did something else, or had to be started first
/// @param turns how often it got the core
public record SchedStat(long ranNs, long waitedNs, long turns) {
    /// The start of a halted core takes no longer, even on a virtual machine.
    private static final long START_NS_MAX = 50_000;
    private static final Path THIS_THREAD = Path.of("/proc/thread-self");
    private static final String FILE = "schedstat";

    /// Where the calling thread's is read, by whatever thread; none where the host has no such file.
    public static Optional<Path> ofThisThread() {
        try {
            Path file = THIS_THREAD.toRealPath().resolve(FILE);
            return Files.isReadable(file) ? Optional.of(file) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// @throws UncheckedIOException if the thread has ended
    public static SchedStat read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// From `98536 96443 2`.
    static SchedStat parse(String text) {
        String[] fields = text.strip().split(" ");
        return new SchedStat(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
    }

    public SchedStat since(SchedStat before) {
        return new SchedStat(ranNs - before.ranNs, waitedNs - before.waitedNs, turns - before.turns);
    }

    /// How long threads of one core waited for something that is none of them, at least (ns): what one of them waited beyond what the
    /// others ran and its core took to start.
    public static long takenByOthersNs(List<SchedStat> threads) {
        long ran = threads.stream().mapToLong(SchedStat::ranNs).sum();
        return IntStream.range(0, threads.size())
                .mapToLong(i -> threads.get(i).waitedNs - (ran - threads.get(i).ranNs) - threads.get(i).turns * START_NS_MAX)
                .reduce(0, Math::max);
    }
}
