package io.janklab.kernel.trace;

/// A lock as tracepoints name it. Identity is by reference.
public interface TracedLock {
    LockClass lockClass();

    /// Which one of its class, for people: `app`, `arena 0`, `[anon:libc_malloc]`. Not unique.
    String name();
}
