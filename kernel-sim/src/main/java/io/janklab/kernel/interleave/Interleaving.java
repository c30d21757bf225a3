package io.janklab.kernel.interleave;

/// Told of each access to shared state just before it happens. This one does nothing: virtual time alone decides who goes when.
///
/// What explores interleavings extends it, and lets others go first. An access is named by its kind and an `id` unique among those of
/// that kind on one machine; `what` only describes it.
public class Interleaving {
    /// Ordinary runs.
    public static final Interleaving NONE = new Interleaving();

    protected Interleaving() {}

    /// The running task will read.
    public void read(Shared kind, long id, Object what) {}

    /// The running task will write, or do something atomic.
    public void write(Shared kind, long id, Object what) {}

    /// The running task will add to a count or take from it, whatever its value: two tasks that do so may change places unnoticed. If the
    /// value does decide something, [#note] says that it was a write after all.
    public void add(Shared kind, long id, Object what) {}

    /// An access that goes with others: it counts, but nobody goes in between.
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

    /// Nobody else goes in between what follows, up to [#endAtomic]. Nests.
    public void beginAtomic() {}

    /// What follows, up to [#endAtomic], Linux does under a lock that is not modelled, or without one but as if in one step: others may go
    /// before it, but not in between.
    public final void beginAtomic(Shared kind, long id, Object what) {
        write(kind, id, what);
        beginAtomic();
    }

    public void endAtomic() {}
}
