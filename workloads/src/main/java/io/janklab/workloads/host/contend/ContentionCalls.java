package io.janklab.workloads.host.contend;

/// The operations of the threads of a [Contention], the same on both sides. One instance belongs to one thread.
interface ContentionCalls {
    /// Maps private, writable memory at an unused address.
    void map(long address, long length);

    /// Maps private, writable memory near `hint`, and returns where.
    long mapNear(long hint, long length);

    void unmap(long address, long length);

    void advise(long address, long length, int advice);

    void protect(long address, long length, int protection);

    /// Registers the range with a userfaultfd for write protection, which no page has.
    void arm(long address, long length);

    /// Stores a word into every page.
    void touch(long address, long length);

    /// The time (ns).
    long now();

    /// Keeps the core busy until then.
    void spinUntil(long time);
}
