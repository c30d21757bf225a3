package io.janklab.workloads.scale;

/// How often the loops of one run have gone round, all tasks together.
public final class Iterations {
    private long count;

    void add(long more) {
        count += more;
    }

    long count() {
        return count;
    }
}
