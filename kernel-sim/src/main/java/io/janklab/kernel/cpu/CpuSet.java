package io.janklab.kernel.cpu;

/// A set of cores a task may run on, as a bit mask of core numbers (Linux `cpumask`).
public record CpuSet(long mask) {
    public static final CpuSet ALL = new CpuSet(-1L);

    public CpuSet {
        if (mask == 0) {
            throw new IllegalArgumentException("a cpu set must not be empty");
        }
    }

    /// The set written as the kernel writes it: `0-3,6`.
    ///
    /// @throws IllegalArgumentException if `list` is not of that form
    public static CpuSet parse(String list) {
        long mask = 0;
        for (String part : list.split(",")) {
            String[] ends = part.strip().split("-", 2);
            try {
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                if (first < 0 || last > 63 || first > last) {
                    throw new NumberFormatException();
                }
                for (int cpu = first; cpu <= last; cpu++) {
                    mask |= 1L << cpu;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a cpu list looks like 0-3,6, not '" + list + "'", e);
            }
        }
        return new CpuSet(mask);
    }

    public boolean contains(int cpu) {
        return (mask >>> cpu & 1) != 0;
    }
}
