package io.janklab.kernel.interleave;

/// Called for each access to shared state just before it happens. This one does nothing: virtual time alone decides which task runs when.
///
/// The explorer of interleavings extends it and lets others go first. An access is named by its kind and an `id` unique among those of that
/// kind on one machine; `what` only describes it.
public class Interleaving {
    /// Ordinary runs.
    public static final Interleaving NONE = new Interleaving();

    protected Interleaving() {}

    /// The running task will read.
    public void read(Shared kind, long id, Object what) {}

    /// The running task will write, or do something atomic.
    public void write(Shared kind, long id, Object what) {}

    /// The running task will add to a count or take from it, whatever its value: two such steps commute. If the value does decide
    /// something, [#note] declares it a write after all.
    public void add(Shared kind, long id, Object what) {}

    /// An access that belongs to others: it counts, but no task goes in between.
    public void note(Shared kind, long id, boolean write) {}

    /// Whether others can go in between at all.
    public boolean isExploring() {
        return false;
    }

    /// Whether the nap that a daemon of the kernel begins now will end by itself: an explored run, in which naps may end at any moment, has
    /// room for a few rounds of its work only.
    public boolean napEnds() {
        return true;
    }

    /// No other task interrupts what follows, up to [#endAtomic]. Nests.
    public void beginAtomic() {}

    /// Linux does what follows, up to [#endAtomic], under a lock that is not modelled, or without one but as if in one step: others may go
    /// before it, but not in between.
    public final void beginAtomic(Shared kind, long id, Object what) {
        write(kind, id, what);
        beginAtomic();
    }

    public void endAtomic() {}
}
