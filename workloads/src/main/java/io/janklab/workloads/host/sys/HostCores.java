package io.janklab.workloads.host.sys;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The CPUs that this process was given, counted from 0: on a host whose process may use CPUs 2 and 5 alone, core 1 is CPU 5.
///
/// Read once, before any thread is pinned, from `Cpus_allowed_list` of `/proc/self/status`.
public final class HostCores {
    /// The number of CPUs in sched_setaffinity's mask (glibc's `CPU_SETSIZE`).
    static final int CPUS = 1024;
    private static final List<Integer> ALLOWED = allowed(HostFiles.text("/proc/self/status"));

    private HostCores() {}

    /// How many there are. Java's own count is 1 on a thread that is pinned.
    public static int count() {
        return ALLOWED.size();
    }

    /// The CPU's number in Linux; beyond the last core it begins again with the first.
    public static int cpu(int core) {
        return ALLOWED.get(core % ALLOWED.size());
    }

    /// All CPUs of the process except one core's.
    static List<Integer> allBut(int core) {
        return ALLOWED.stream().filter(cpu -> cpu != cpu(core)).toList();
    }

    /// `cpu_set_t` with these CPUs set.
    static long[] mask(Collection<Integer> cpus) {
        BitSet set = new BitSet(CPUS);
        cpus.forEach(set::set);
        long[] words = new long[CPUS / Long.SIZE];
        long[] used = set.toLongArray();
        System.arraycopy(used, 0, words, 0, used.length);
        return words;
    }

    /// From a list such as `0-3,8`; without one, as many CPUs as Java sees.
    static List<Integer> allowed(String status) {
        return status.lines()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .map(line -> Stream.of(line.substring(line.indexOf(':') + 1).strip().split(",")).flatMap(HostCores::range).toList())
                .orElseGet(() -> IntStream.range(0, Runtime.getRuntime().availableProcessors()).boxed().toList());
    }

    private static Stream<Integer> range(String words) {
        String[] ends = words.split("-");
        return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])).boxed();
    }
}
