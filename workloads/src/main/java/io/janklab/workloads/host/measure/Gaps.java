package io.janklab.workloads.host.measure;

/// The times in which a core did something else while a thread of ours kept it busy: interrupts and their handlers, another thread, the
/// hypervisor.
public final class Gaps {
    /// Shorter ones are our own loop's.
    private static final long SHORTEST_NS = 500;
    private static final double SECOND_NS = 1e9;

    private final Samples lengths = new Samples(20_000);
    private long watchedNs;

    /// Keeps the core busy for `ns`.
    ///
    /// @return whether there was a gap
    public boolean watch(long ns) {
        int before = lengths.count();
        long began = System.nanoTime();
        long last = began;
        while (last - began < ns) {
            long now = System.nanoTime();
            if (now - last > SHORTEST_NS) {
                lengths.add(now - last);
            }
            last = now;
        }
        watchedNs += last - began;
        return lengths.count() > before;
    }

    public Samples lengths() {
        return lengths;
    }

    public double perSecond() {
        return watchedNs == 0 ? 0 : lengths.count() * SECOND_NS / watchedNs;
    }
}
