package io.janklab.workloads.host.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A core for one thread of this process alone: the JVM's compilers and collectors stay off it.
public final class ReservedCore {
    private static final Path THREADS = Path.of("/proc/self/task");

    private ReservedCore() {}

    /// Moves all existing threads, and so those that they will start, to the other cores. The thread that gets the core pins itself to it
    /// afterwards.
    ///
    /// @param cores how many there are; nothing happens if it is one
    public static void reserve(int core, int cores) {
        if (cores == 1) {
            return;
        }
        HostSyscalls linux = new HostSyscalls();
        // One that has ended meanwhile needs no moving.
        threads().forEach(tid -> linux.setAffinity(tid, HostCores.allBut(core)));
    }

    private static List<Long> threads() {
        try (Stream<Path> entries = Files.list(THREADS)) {
            return entries.map(entry -> Long.parseLong(entry.getFileName().toString())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
