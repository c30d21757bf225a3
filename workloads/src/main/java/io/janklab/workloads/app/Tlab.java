package io.janklab.workloads.app;

/// One thread's piece of the Java heap, from which it allocates without a lock (ART's thread-local allocation buffer).
final class Tlab {
    long position;
    long end;
    /// The collection it was handed out after; older ones are revoked.
    int epoch;
}
