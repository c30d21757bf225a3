package io.janklab.workloads.host.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A core for one thread of this process alone: the JVM's compilers and collectors stay off it.
public final class ReservedCore {
    private static final Path THREADS = Path.of("/proc/self/task");

    private ReservedCore() {}

    /// Moves all threads there are, and so those that they will start, to the other cores. Who is to have the core pins itself to it afterwards.
    ///
    /// @param cores how many there are; nothing happens if it is one
    public static void reserve(int core, int cores) {
        if (cores == 1) {
            return;
        }
        HostSyscalls linux = new HostSyscalls();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment others = arena.allocateFrom(ValueLayout.JAVA_LONG, -1L >>> (64 - cores) & ~(1L << core));
            for (long tid : threads()) {
                // One that has ended meanwhile needs no moving.
                linux.call(SystemCall.SCHED_SETAFFINITY, tid, Long.BYTES, others.address());
            }
        }
    }

    private static List<Long> threads() {
        try (Stream<Path> entries = Files.list(THREADS)) {
            return entries.map(entry -> Long.parseLong(entry.getFileName().toString())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
