package io.janklab.workloads.scale;

/// How many iterations the loops of one run have made, all tasks together.
public final class Iterations {
    private long count;

    void add(long more) {
        count += more;
    }

    long count() {
        return count;
    }
}
