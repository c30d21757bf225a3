package io.janklab.kernel.trace;

/// A lock as tracepoints name it. Identity is by reference.
public interface TracedLock {
    LockClass lockClass();

    /// Which one of its class, for readers: `app`, `arena 0`, `[anon:libc_malloc]`. Not unique.
    String name();

    /// The lock and the mode in which it is held or wanted, in words: `mmap_lock (read)`, `futex arena 0`, `ptl`.
    default String inWords(LockMode mode) {
        if (lockClass() == LockClass.FUTEX) {
            return lockClass().label() + " " + name();
        }
        return lockClass().hasReaders() ? lockClass().label() + " (" + mode.label() + ")" : lockClass().label();
    }
}
