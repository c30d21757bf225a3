package io.janklab.workloads.phone;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.ProcFd;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.sim.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Another process's `/proc/PID/maps`, or what tells more of the same.
final class MapsFile {
    /// Work per byte of text, at least and additionally at most (ns): parsing each line costs two to three nanoseconds a byte.
    private static final int PARSE_NS = 2;
    private static final int PARSE_MORE_NS = 1;

    private MapsFile() {}

    /// One mapping that may be read and written.
    record Range(long start, long end) {}

    /// Reads the file to its end and parses each line.
    static void scan(Task task, ProcFd file, RandomStream random) {
        read(task, file, random);
    }

    /// The mappings of the process that hold data.
    static List<Range> writable(Task task, Syscalls syscalls, int tgid, RandomStream random) {
        List<Range> ranges = new ArrayList<>();
        ProcFd maps = Objects.requireNonNull(syscalls.openMaps(task, tgid));
        read(task, maps, random).lines().filter(line -> line.contains(" rw")).forEach(line -> {
            String[] addresses = line.substring(0, line.indexOf(' ')).split("-");
            ranges.add(new Range(Long.parseLong(addresses[0], 16), Long.parseLong(addresses[1], 16)));
        });
        return ranges;
    }

    private static String read(Task task, ProcFd maps, RandomStream random) {
        StringBuilder all = new StringBuilder();
        for (String text = maps.read(task); !text.isEmpty(); text = maps.read(task)) {
            task.compute((long) PARSE_NS * text.length() + random.nextLong((long) PARSE_MORE_NS * text.length()));
            all.append(text);
        }
        return all.toString();
    }
}
