package io.janklab.kernel.trace;

/// A lock as tracepoints name it. Identity is by reference.
public interface TracedLock {
    LockClass lockClass();

    /// Which one of its class, for readers: `app`, `arena 0`, `[anon:libc_malloc]`. Not unique.
    String name();

    /// The core on which it was last acquired (`lockdep_map::cpu`), at [TraceListener#lockAcquired] still the time before; −1 if it never
    /// was, or where lockdep knows no such lock.
    default int lastCpu() {
        return -1;
    }

    /// What the task that did was doing (`lockdep_map::ip`), as [TracedTask#callSite] has it; empty where [#lastCpu] is −1.
    default String lastSite() {
        return "";
    }

    /// At [TraceListener#lockAcquired]: whether it was got by a trylock, of which lockdep remembers neither core nor place.
    default boolean isGotByTrying() {
        return false;
    }

    /// The lock and the mode in which it is held or wanted, in words: `mmap_lock (read)`, `futex arena 0`, `ptl`.
    default String inWords(LockMode mode) {
        if (lockClass() == LockClass.FUTEX) {
            return lockClass().label() + " " + name();
        }
        return lockClass().hasReaders() ? lockClass().label() + " (" + mode.label() + ")" : lockClass().label();
    }
}
