package io.janklab.kernel.interleave;

/// Called for each access to shared state just before it happens. This one does nothing: virtual time alone decides which task runs when.
///
/// The explorer of interleavings extends it and lets others go first. An access is named by its kind and an `id` unique among those of that
/// kind on one machine; `what` only describes it.
///
/// A page fault makes some fifty accesses. They are reported through static methods, behind one flag of the whole JVM: where nothing is
/// explored, the compiler need not even see whose they are.
public class Interleaving {
    /// Whether this JVM has had an observer that explores.
    private static boolean explored;

    /// Ordinary runs.
    public static final Interleaving NONE = new Interleaving();

    /// An observer must exist before the machine that it observes.
    protected Interleaving() {
        explored |= isExploring();
    }

    // Reports

    /// The running task will read.
    public static void read(Interleaving observer, Shared kind, long id, Object what) {
        if (explored) {
            observer.onRead(kind, id, what);
        }
    }

    /// The running task will write, or do something atomic.
    public static void write(Interleaving observer, Shared kind, long id, Object what) {
        if (explored) {
            observer.onWrite(kind, id, what);
        }
    }

    /// The running task will add to a count or take from it, whatever its value: two such steps commute. If the value does decide
    /// something, [#note] declares it a write after all.
    public static void add(Interleaving observer, Shared kind, long id, Object what) {
        if (explored) {
            observer.onAdd(kind, id, what);
        }
    }

    /// An access that belongs to others: it counts, but no task goes in between.
    public static void note(Interleaving observer, Shared kind, long id, boolean write) {
        if (explored) {
            observer.onNote(kind, id, write);
        }
    }

    /// No other task interrupts what follows, up to [#endAtomic]. Nests.
    public static void beginAtomic(Interleaving observer) {
        if (explored) {
            observer.onBeginAtomic();
        }
    }

    /// Linux does what follows, up to [#endAtomic], under a lock that is not modelled, or without one but as if in one step: others may go
    /// before it, but not in between.
    public static void beginAtomic(Interleaving observer, Shared kind, long id, Object what) {
        write(observer, kind, id, what);
        beginAtomic(observer);
    }

    public static void endAtomic(Interleaving observer) {
        if (explored) {
            observer.onEndAtomic();
        }
    }

    // What an explorer makes of them

    protected void onRead(Shared kind, long id, Object what) {}

    protected void onWrite(Shared kind, long id, Object what) {}

    protected void onAdd(Shared kind, long id, Object what) {}

    protected void onNote(Shared kind, long id, boolean write) {}

    protected void onBeginAtomic() {}

    protected void onEndAtomic() {}

    /// Whether others can go in between at all; always the same.
    public boolean isExploring() {
        return false;
    }

    /// Whether the nap that a daemon of the kernel begins now will end by itself: an explored run, in which naps may end at any moment, has
    /// room for a few rounds of its work only.
    public boolean napEnds() {
        return true;
    }
}
