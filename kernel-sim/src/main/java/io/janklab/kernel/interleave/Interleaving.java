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

    /// What follows, up to [#endAtomic], Linux does under a lock that is not modelled: nobody else goes in between. Nests.
    public void beginAtomic() {}

    public void endAtomic() {}
}
