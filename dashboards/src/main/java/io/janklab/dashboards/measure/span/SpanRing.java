package io.janklab.dashboards.measure.span;

/// The last 32,768 spans; memory does not grow with the run.
public final class SpanRing extends Spans {
    private static final int CAPACITY = 1 << 15;

    private long added;

    public SpanRing() {
        super(CAPACITY);
    }

    @Override
    int next() {
        return row(added++);
    }

    /// How many have been recorded.
    public long count() {
        return added;
    }

    /// How many of them, the first ones, have been overwritten.
    public long forgotten() {
        return Math.max(0, added - CAPACITY);
    }

    private static int row(long number) {
        return (int) (number & CAPACITY - 1);
    }

    /// From when on all spans are known (ns): the end of the oldest one, if older ones have been overwritten.
    public long knownSince() {
        return added <= CAPACITY ? Long.MIN_VALUE : to(row(added));
    }

    /// A copy of those that ended after `since` (ns), as far as they are known.
    public Spans after(long since) {
        long oldest = forgotten();
        long first = added;
        while (first > oldest && to(row(first - 1)) > since) {
            first--;
        }
        Spans copy = new Spans((int) (added - first));
        for (long number = first; number < added; number++) {
            copy.copy(this, row(number));
        }
        return copy;
    }
}
